export { convolution } from "./convolution.js";
export { fusedInvertedResidual } from "./fusedInvertedResidual.js";
export { invertedResidual } from "./invertedResidual.js";
export { multiLevelDilated } from "./multiLevelDilated.js";
export { skip } from "./skip.js";
