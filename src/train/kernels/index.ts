// The training kernels: one WebAssembly module that works in the memory it is given.
export * from "./activations";
export { adamw } from "./adamw";
export { approach } from "./approach";
export { addToRows, dotPositions, dotRows, spread, sumRows, times, timesChannels, timesPositions } from "./byChannel";
export { constantBytes, placeConstants } from "./constants";
export { addTo, clearColumns, copyColumns, scaleBy, shuffleChannels } from "./copy";
export { correlate, correlateGradient, toPlanes } from "./depthwise";
export { correlateForm, correlateFormGradient } from "./depthwiseRows";
export { chooseTiles, packPanels, product, transposedProduct } from "./gemm";
export { layerNorm, layerNormGradient } from "./layerNorm";
export { maxRelative, maxRelativeGradient } from "./maxRelative";
export { moments } from "./moments";
export { normaliseForward, normaliseGradient, normaliseInference, updateRunning } from "./normalise";
export { averageWindows, averageWindowsGradient } from "./pool";
export { rmsprop } from "./rmsprop";
export { settlePlanes, settleRows } from "./settle";
export { sgd } from "./sgd";
export { softmaxRows, softmaxRowsGradient } from "./softmax";
export { fold, intoPadded, outOfPadded, unfold } from "./window";
export {
  winogradInput, winogradInputGradient, winogradKernel, winogradKernelGradient, winogradOutput, winogradOutputGradient,
} from "./winograd";
