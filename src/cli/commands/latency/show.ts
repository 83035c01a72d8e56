import { type Fusion, fusionsOf } from "../../../latency/fusions.js";
import { type LatencyTable, type RowKind, readTable } from "../../../latency/table.js";
import { pairs, table } from "../../../report/table.js";
import { showMs, showPercent } from "../../../report/unit.js";
import { defineCommand } from "../../command.js";
import { printJson } from "../../json.js";
import * as option from "../../option.js";

export const show = defineCommand({
  summary: "show a table: device, conditions, rows, and what its networks taught",
  examples: ["nas latency show my-phone.json", "nas latency show my-phone.json --kind network --json"],
  arguments: { table: option.required(option.path(undefined, "a table's file", "file")) },
  options: {
    kind: option.word(["kernel", "block", "network"], undefined, "list the rows of this kind"),
    json: option.json,
  },
  async run(given, io) {
    const found = readTable(given.table);
    const { model } = found;
    const fusions = fusionsOf(found.rows);
    const rows = given.kind === undefined ? [] : found.rows.filter((row) => row.kind === given.kind);
    if (given.json) {
      const { rows: all, ...head } = found;
      return printJson(io, {
        ...head,
        fusions,
        counts: counts(found),
        rows: given.kind === undefined ? all : rows,
      });
    }
    const { kernels, blocks, networks } = counts(found);
    io.print(io.style.bold(`${found.target}: ${found.title}`));
    io.print(
      pairs([
        ["device", `${found.device} (${found.soc})`],
        ["software", `${found.os}; ${found.runtime}; ${found.dtype}`],
        ["threads", found.threads === null ? undefined : String(found.threads)],
        ["protocol", found.protocol],
        ["source", `${found.source}, ${found.measuredAt}`],
        ...Object.entries(found.conditions),
        ["rows", `${kernels} kernels, ${blocks} blocks, ${networks} networks; times in ${found.unit}`],
        ...(model === null
          ? [["model", "none: too few whole networks"] as const]
          : [
              [
                "model",
                `${model.rows}, ${model.form}: ${showPercent(model.error.networkOut.mape)} off on ${model.error.networkOut.n} networks left out (plain fit on MACs and params ${showPercent(model.error.baseline.mape)})`,
              ] as const,
            ]),
      ]),
    );
    if (model !== null) {
      io.print("");
      io.print(
        table(
          [
            { title: "what was tried", of: (t) => `${t.rows}, ${t.form}` },
            { title: "rms log, left out", of: (t) => t.rmsLog.toFixed(4), right: true },
          ],
          model.tried,
          io.width,
        ),
      );
    }
    if (fusions.length > 0) {
      io.print("");
      io.print(
        table(
          [
            { title: "operator behind a convolution", of: ([operator]) => operator },
            {
              title: "fused",
              of: ([, all]) => `${all.filter((f) => f.fused).length} of ${all.length}`,
              right: true,
            },
          ],
          byOperator(fusions),
          io.width,
        ),
      );
    }
    if (rows.length === 0) return;
    io.print("");
    io.print(
      table(
        [
          { title: "median", of: (r) => showMs(r.medianMs), right: true },
          { title: "spread", of: (r) => showMs(r.spreadMs), right: true },
          { title: "runs", of: (r) => String(r.count), right: true },
          { title: given.kind!, of: (r) => r.key },
        ],
        rows,
        io.width,
      ),
    );
  },
});

function byOperator(fusions: readonly Fusion[]): readonly (readonly [string, readonly Fusion[]])[] {
  const found = new Map<string, Fusion[]>();
  for (const fusion of fusions) {
    const operator = fusion.second.replace(/\d.*$/, "");
    found.set(operator, [...(found.get(operator) ?? []), fusion]);
  }
  return [...found];
}

const counts = ({ rows }: LatencyTable) => {
  const of = (kind: RowKind) => rows.filter((row) => row.kind === kind).length;
  return { kernels: of("kernel"), blocks: of("block"), networks: of("network") };
};
