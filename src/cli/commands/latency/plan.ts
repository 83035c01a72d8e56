import { firstOf } from "../../../measure/order.js";
import { effortOf } from "../../../measure/plan.js";
import { table } from "../../../report/table.js";
import { defineCommand } from "../../command.js";
import { printJson } from "../../json.js";
import * as option from "../../option.js";
import { aboutMinutes, planFrom, planOptions } from "./measure.js";

export const plan = defineCommand({
  summary: "show how much there is to measure for a space, before starting",
  description:
    "A family is kernels that differ in channels and size of the map alone. A third of a family is measured\n" +
    "first; the rest while it cannot be told from those within 5 %.",
  examples: ["nas latency plan --space mnasnet", "nas latency plan --networks mobilenet_v2_x1_0 --json"],
  options: { ...planOptions, json: option.json },
  async run(given, io) {
    const { plan } = planFrom(given);
    const effort = effortOf(plan);
    const families = plan.families.map(({ name, kernels }) => ({
      family: name.replaceAll(/ +/g, " "),
      kernels: kernels.length,
      fewest: firstOf(kernels.length),
    }));
    if (given.json) return printJson(io, { ...effort, perFamily: families });
    io.print(
      table(
        [
          { title: "kernels", of: (f) => String(f.kernels), right: true },
          { title: "at least", of: (f) => String(f.fewest), right: true },
          { title: "family", of: (f) => f.family },
        ],
        families,
        io.width,
      ),
    );
    io.print(
      `\n${effort.fewestKernels} to ${effort.kernels} kernels, ${effort.blocks} blocks, ${effort.networks} networks: ${aboutMinutes(effort.minutes)}`,
    );
  },
});
