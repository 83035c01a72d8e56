export { asha } from "./asha.js";
export { hyperband } from "./hyperband.js";
