import { defineGroup } from "../../command.js";
import { list } from "./list.js";
import { show } from "./show.js";

export const zoo = defineGroup("published networks, with their exact costs", { list, show });
