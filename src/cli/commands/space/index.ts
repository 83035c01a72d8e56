import { defineGroup } from "../../command.js";
import { list } from "./list.js";
import { sample } from "./sample.js";
import { show } from "./show.js";
import { validate } from "./validate.js";

export const space = defineGroup("search spaces: list, look at, draw from, check", {
  list,
  show,
  sample,
  validate,
});
