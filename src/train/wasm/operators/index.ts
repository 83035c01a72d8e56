export { attention } from "./attention.js";
export { concat } from "./concat.js";
export { conv } from "./conv.js";
export { layerNorm } from "./layerNorm.js";
export { maxRelative } from "./maxRelative.js";
export { mul } from "./mul.js";
export { avgPool, globalPool } from "./pool.js";
export { shuffle } from "./shuffle.js";
export { add, average } from "./sums.js";
