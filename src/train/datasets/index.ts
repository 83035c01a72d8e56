export { cifar10 } from "./cifar10.js";
export { synthetic } from "./synthetic.js";
