import { join } from "node:path";
import { UserError } from "../../../base/errors.js";
import { openTarget, targetNames } from "../../../latency/openTarget.js";
import { table } from "../../../report/table.js";
import { showPercent } from "../../../report/unit.js";
import { devicesIn, latencyFile } from "../../../search/benchmarks/nasbench201.js";
import { defineCommand } from "../../command.js";
import { printJson } from "../../json.js";
import * as option from "../../option.js";
import { describe } from "./describe.js";

export const list = defineCommand({
  summary: "list the devices with the errors of their latency models",
  description:
    "The error is the mean on networks the model had not seen; beside it that of a plain fit on MACs\n" +
    "and params, which the model has to beat. With --benchmark-data the devices of the tabular benchmark\n" +
    "nasbench201 are listed, too: every network of it was timed, so they have no model and no error, and\n" +
    "are for nas bench strategies.",
  examples: ["nas target list", "nas target list --json", "nas target list --benchmark-data ./nas-bench-201"],
  options: {
    benchmarkData: option.path(undefined, "folder of the benchmark nasbench201, to list its devices", "dir"),
    json: option.json,
  },
  async run({ benchmarkData, json }, io) {
    const devices = benchmarkData === undefined ? [] : devicesIn(join(benchmarkData, latencyFile));
    const found = targetNames().flatMap((name) => {
      try {
        return [describe(name, openTarget(name))];
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        io.note(`Left out: ${error.message}. ${error.whatToDo}`);
        return [];
      }
    });
    if (json)
      return printJson(io, {
        targets: found,
        benchmarks: devices.length === 0 ? [] : [{ name: "nasbench201", devices }],
      });
    io.print(
      table(
        [
          { title: "name", of: (t) => t.name },
          { title: "error", of: (t) => showPercent(t.error.networkOut.mape), right: true },
          { title: "plain fit", of: (t) => showPercent(t.error.baseline.mape), right: true, drop: 2 },
          { title: "measured", of: (t) => String(t.measurements), right: true, drop: 3 },
          { title: "model", of: (t) => t.model, drop: 5 },
          { title: "dtype", of: (t) => t.dtype, drop: 6 },
          { title: "runtime", of: (t) => t.runtime, drop: 4 },
          { title: "valid for", of: (t) => t.validFor },
        ],
        found,
        io.width,
      ),
    );
    if (devices.length === 0) return;
    io.print("");
    io.print(`For nas bench strategies --benchmark nasbench201 --file ${benchmarkData} --device NAME:`);
    io.print(devices.join(", "));
  },
});
