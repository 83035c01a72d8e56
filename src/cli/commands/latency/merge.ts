import { existsSync } from "node:fs";
import { UserError } from "../../../base/errors.js";
import { calibrate } from "../../../latency/calibrate.js";
import { mergeTables } from "../../../latency/combine.js";
import { readTable, writeTable } from "../../../latency/table.js";
import { networksOf } from "../../../measure/measureHost.js";
import { showPercent } from "../../../report/unit.js";
import { defineCommand } from "../../command.js";
import { printJson } from "../../json.js";
import * as option from "../../option.js";
import { resumeOptions } from "../../searchOptions.js";

export const merge = defineCommand({
  summary: "put the rows of two tables of one device into one, and learn from its networks again",
  description:
    "Of a row that both have, that with more runs is kept. Tables of different devices, systems, runtimes,\n" +
    "number types, threads or protocols are refused, but with --force; another unit always is.",
  examples: ["nas latency merge a.json b.json --out both.json"],
  arguments: {
    a: option.required(option.path(undefined, "a table's file; its head is kept", "file")),
    b: option.required(option.path(undefined, "another", "file")),
  },
  options: {
    out: option.required(option.path(undefined, "table to write, made new", "file")),
    space: { ...resumeOptions.space, help: "space of the networks, where it is from a file" },
    force: option.flag("merge tables of different devices, too"),
    json: option.json,
  },
  async run({ a, b, out, space, force, json }, io) {
    const merged = mergeTables(readTable(a), readTable(b), force);
    if (existsSync(out)) throw new UserError(`${out} is there already`, "Name another file with --out.");
    const table = calibrate(merged, networksOf(merged, space === undefined ? [] : [space]));
    await writeTable(out, table);
    const error = table.model?.error.networkOut ?? null;
    if (json) return printJson(io, { file: out, rows: table.rows.length, error });
    io.print(
      `${out}: ${table.rows.length} rows${error === null ? "" : `, ${showPercent(error.mape)} off on ${error.n} networks left out`}`,
    );
  },
});
