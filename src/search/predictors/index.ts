export { mlpEnsemble } from "./mlpEnsemble.js";
export { ridge } from "./ridge.js";
