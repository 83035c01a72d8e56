export { aging } from "./aging.js";
export { bananas } from "./bananas.js";
export { grid } from "./grid.js";
export { local } from "./local.js";
export { nsga2 } from "./nsga2.js";
export { ofaEvolution } from "./ofaEvolution.js";
export { random } from "./random.js";
export { reinforce } from "./reinforce.js";
