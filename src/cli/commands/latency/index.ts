import { defineGroup } from "../../command.js";
import { predict } from "./predict.js";
import { validate } from "./validate.js";

export const latency = defineGroup("latency of a network on a device", { predict, validate });
