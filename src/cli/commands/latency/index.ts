import { defineGroup } from "../../command.js";
import { importResults } from "./import.js";
import { kit } from "./kit.js";
import { predict } from "./predict.js";
import { validate } from "./validate.js";

export const latency = defineGroup("latency of a network on a device", {
  import: importResults,
  kit,
  predict,
  validate,
});
