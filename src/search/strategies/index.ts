export { aging } from "./aging.js";
export { random } from "./random.js";
