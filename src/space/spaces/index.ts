export { fbnet } from "./fbnet.js";
export { mnasnet } from "./mnasnet.js";
export { rapidnet } from "./rapidnet.js";
export { tfnas } from "./tfnas.js";
