import { UserError } from "../../base/errors.js";
import { paths } from "../../graph/node.js";
import { type Importer, kernelRows, networkOf } from "./importer.js";

/** Columns of each operator, and what the first line of a section says. */
const nameColumn = "name";
const timeColumn = "avg_ms";

/**
 * What benchmark_model writes with --enable_op_profiling=true --profiling_output_csv_file: sections of
 * operators, of which that in run order of the regular runs is read. Names are tensors', in brackets; the
 * last one's is `output` in the models we write.
 */
export const tfliteProfile: Importer = {
  title: "TFLite benchmark_model's operator profile, CSV",
  detect: (text) => /^node type,.*\bavg_ms\b/m.test(text),
  read(given) {
    const { text, where } = given;
    const { key, out } = networkOf(given);
    const last = paths(out).get(out)!;
    const lines = text.replaceAll("\r", "").split("\n");
    const heads = lines.flatMap((line, i) => (/^node type,.*\bavg_ms\b.*\bname\b/.test(line) ? [i] : []));
    // With several sections in run order the last is of the runs; the first may be of setting up.
    const orders = heads.filter((i) => /Run Order/i.test(lines.slice(Math.max(0, i - 2), i).join(" ")));
    const head = orders.at(-1) ?? heads[0];
    if (head === undefined)
      throw new UserError(
        `${where} has no section with the columns ${timeColumn} and ${nameColumn}`,
        "Use --enable_op_profiling=true.",
      );
    const columns = lines[head]!.split(",").map((column) => column.trim());
    const time = columns.indexOf(timeColumn);
    const called = columns.indexOf("times called");
    const ran: { name: string; ms: number }[] = [];
    let count = 1;
    for (let i = head + 1; i < lines.length && lines[i]!.trim() !== "" && !lines[i]!.startsWith("="); i++) {
      const fields = lines[i]!.split(",").map((field) => field.trim());
      const ms = Number(fields[time]);
      if (fields.length < columns.length || !Number.isFinite(ms) || ms < 0)
        throw new UserError(
          `${where}, line ${i + 1}: ${timeColumn} is ${JSON.stringify(fields[time] ?? "")}`,
          "It must be milliseconds, 0 or more. Was writing it interrupted?",
        );
      if (/delegate/i.test(fields[0]!))
        throw new UserError(
          `${where}, line ${i + 1}: ${fields[0]} ran operators and does not say what each took`,
          "Profile with --use_xnnpack=false and without other delegates, or time a kit's models, which need no profile.",
        );
      const name = fields
        .slice(columns.length - 1)
        .join(",")
        .replace(/\]:\d+$/, "")
        .replace(/^\[/, "");
      if (ms > 0) ran.push({ name: name === "output" ? last : name, ms });
      count = Math.max(count, Number(fields[called]) || 1);
    }
    return {
      ...kernelRows(out, ran, count, where),
      about: { runtime: "TensorFlow Lite", dtype: "float32" },
      source: `TFLite operator profile of ${key}`,
    };
  },
};
