import { defineGroup } from "../../command.js";
import { predict } from "./predict.js";

export const latency = defineGroup("latency of a network on a device", { predict });
