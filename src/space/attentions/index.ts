export { additive } from "./additive.js";
export { graph } from "./graph.js";
export { mhsa } from "./mhsa.js";
export { none } from "./none.js";
export { squeezeExcite } from "./squeezeExcite.js";
