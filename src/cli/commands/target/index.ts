import { defineGroup } from "../../command.js";
import { list } from "./list.js";
import { show } from "./show.js";

export const target = defineGroup("devices, how their latencies came about, and how far to trust them", {
  list,
  show,
});
