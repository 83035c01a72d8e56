export { doctor } from "./doctor.js";
export { exportRun as export } from "./export.js";
export { latency } from "./latency/index.js";
export { resume } from "./resume.js";
export { search } from "./search.js";
export { space } from "./space/index.js";
export { zoo } from "./zoo/index.js";
