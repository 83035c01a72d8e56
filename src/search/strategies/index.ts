export { aging } from "./aging.js";
export { grid } from "./grid.js";
export { local } from "./local.js";
export { nsga2 } from "./nsga2.js";
export { random } from "./random.js";
export { reinforce } from "./reinforce.js";
