import { compareTables, differences } from "../../../latency/combine.js";
import { readTable } from "../../../latency/table.js";
import { table } from "../../../report/table.js";
import { showMs } from "../../../report/unit.js";
import { defineCommand } from "../../command.js";
import { printJson } from "../../json.js";
import * as option from "../../option.js";

const shown = 20;

export const diff = defineCommand({
  summary: "compare two tables row by row",
  examples: ["nas latency diff before.json after.json", "nas latency diff a.json b.json --json"],
  arguments: {
    a: option.required(option.path(undefined, "a table's file", "file")),
    b: option.required(option.path(undefined, "another", "file")),
  },
  options: { json: option.json },
  async run(given, io) {
    const [a, b] = [readTable(given.a), readTable(given.b)];
    const rows = compareTables(a, b);
    const both = rows.filter(({ ratio }) => ratio !== null);
    const logs = both.map(({ ratio }) => Math.log(ratio!)).sort((x, y) => x - y);
    const medianRatio = logs.length === 0 ? null : Math.exp(logs[Math.floor(logs.length / 2)]!);
    const within = both.filter(({ ratio }) => Math.abs(ratio! - 1) <= 0.1).length;
    const summary = {
      both: both.length,
      onlyA: rows.filter((row) => row.b === null).length,
      onlyB: rows.filter((row) => row.a === null).length,
      medianRatio,
      within10: both.length === 0 ? null : within / both.length,
      differentIn: differences(a, b),
    };
    if (given.json) return printJson(io, { ...summary, rows });
    for (const field of summary.differentIn) io.print(`${field}: ${a[field]} and ${b[field]}`);
    io.print(
      `${summary.both} rows in both, ${summary.onlyA} in the first alone, ${summary.onlyB} in the second alone` +
        (medianRatio === null
          ? ""
          : `; the second takes ${medianRatio.toFixed(3)} times as long in the median, ${within} rows within 10 %`),
    );
    if (both.length === 0) return;
    io.print("");
    io.print(
      table(
        [
          { title: "first", of: (r) => showMs(r.a!), right: true },
          { title: "second", of: (r) => showMs(r.b!), right: true },
          { title: "ratio", of: (r) => r.ratio!.toFixed(2), right: true },
          { title: "row, those that differ most", of: (r) => `${r.kind} ${r.key}` },
        ],
        both.slice(0, shown),
        io.width,
      ),
    );
  },
});
