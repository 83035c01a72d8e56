import { defineGroup } from "../../command.js";
import { diff } from "./diff.js";
import { importResults } from "./import.js";
import { kit } from "./kit.js";
import { measure } from "./measure.js";
import { merge } from "./merge.js";
import { plan } from "./plan.js";
import { predict } from "./predict.js";
import { show } from "./show.js";
import { validate } from "./validate.js";

export const latency = defineGroup("latency of a network on a device", {
  predict,
  validate,
  plan,
  measure,
  kit,
  import: importResults,
  show,
  diff,
  merge,
});
