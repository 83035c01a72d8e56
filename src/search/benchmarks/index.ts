export { analytic } from "./analytic.js";
export { nasbench201 } from "./nasbench201.js";
