import type { ErrorSummary, KernelTarget, MeasuredTarget } from "../../../latency/target.js";
import { pairs, table } from "../../../report/table.js";
import { showMs, showPercent } from "../../../report/unit.js";
import { defineCommand } from "../../command.js";
import { printJson } from "../../json.js";
import * as option from "../../option.js";
import { targetOption } from "../../targetOption.js";
import { describe } from "./describe.js";

export const show = defineCommand({
  summary: "show a device: protocol, measurements, errors, validity, and its model's numbers",
  examples: ["nas target show iphone13-npu", "nas target show pixel3-cpu --json"],
  arguments: {
    target: option.required(targetOption("device")),
  },
  options: { json: option.json },
  async run({ target, json }, io) {
    const { name, value } = target;
    const about = describe(name, value);
    const { interval, error } = value;
    if (json)
      return printJson(io, {
        ...about,
        ...(value.kind === "kernels"
          ? { parameters: value.model, offsets: value.offsets, rows: value.rows }
          : value.kind === "measured"
            ? { calibration: value.model }
            : { table: value.table }),
      });
    const bar = (width: number) =>
      `-${showPercent(1 - Math.exp(-width))}, +${showPercent(Math.exp(width) - 1)}`;
    io.print(io.style.bold(`${name}: ${about.title}`));
    io.print(
      pairs([
        ["device", `${about.device} (${about.soc})`],
        ["software", `${about.os}; ${about.runtime}; ${about.dtype}`],
        ["protocol", about.protocol],
        ["source", about.source],
        [
          "model",
          `${about.model}, from ${about.measurements} ${value.kind === "measured" ? "rows" : "measured networks"}`,
        ],
        ["valid for", about.validFor],
        [
          "interval",
          `${bar(interval.halfWidth)} for ${showPercent(interval.level)} of networks` +
            (value.kind === "kernels" ? `; outside ${bar(value.interval.halfWidthOutside)} and more` : ""),
        ],
      ]),
    );
    io.print("");
    const { families, ...kinds } = value.kind === "kernels" ? value.error : { ...error, families: [] };
    io.print(
      table<{ name: string } & ErrorSummary>(
        [
          { title: "error", of: (e) => e.name },
          { title: "networks", of: (e) => String(e.n), right: true },
          { title: "rms log", of: (e) => e.rmsLog.toFixed(3), right: true },
          { title: "mean", of: (e) => showPercent(e.mape), right: true },
        ],
        [
          ...Object.entries<ErrorSummary>(kinds).map(([key, e]) => ({ name: words[key] ?? key, ...e })),
          ...families.map(({ family, ...e }) => ({ name: `  ${family}, network left out`, ...e })),
        ],
        io.width,
      ),
    );
    io.print("");
    if (value.kind === "kernels") io.print(pairs(numbers(value)));
    else if (value.kind === "measured") io.print(pairs(calibrated(value)));
    else
      io.print(
        table<{ operator: string; ms: readonly number[] }>(
          [
            { title: "ms more than skip", of: (r) => r.operator },
            ...value.table.ms.map((_, layer) => ({
              title: `layer${layer + 1}`,
              of: (r: { ms: readonly number[] }) => r.ms[layer]!.toFixed(3),
              right: true,
              drop: layer,
            })),
          ],
          value.table.operators.map((operator, i) => ({
            operator,
            ms: value.table.ms.map((row) => row[i]!),
          })),
          io.width,
        ),
      );
  },
});

const words: Readonly<Record<string, string>> = {
  inSample: "in the fit",
  networkOut: "network left out",
  familyOut: "its whole family left out",
  otherSources: "other sources, network left out",
  baseline: "plain fit on MACs and params, network left out",
};

/** The model's numbers for eyes. */
function numbers({ model }: KernelTarget): readonly (readonly [string, string])[] {
  const { efficiency, peakMacsPerMs, weightBytesPerMs, featureBytesPerMs, bytesPerValue } = model;
  const rate = (perMs: number) => `${(perMs / 1e6).toPrecision(3)} GB/s`;
  return [
    ["a call", showMs(model.callMs)],
    ["a kernel", `${(model.kernelMs * 1000).toPrecision(3)} us`],
    ["a change of layout", `${(model.layoutMs * 1000).toPrecision(3)} us`],
    ["peak", `${(peakMacsPerMs / 1e9).toPrecision(3)} TMAC/s`],
    ...Object.entries(efficiency).map(
      ([kind, share]) => [`  ${kind}`, `${showPercent(share)} of it`] as const,
    ),
    ["weights", rate(weightBytesPerMs)],
    ["features", rate(featureBytesPerMs)],
    ["a value", `${bytesPerValue} bytes`],
    ["channels at once", String(model.granularity)],
  ];
}

/** What was learnt from a table's networks, for eyes. */
const calibrated = ({ model, table }: MeasuredTarget): readonly (readonly [string, string])[] => [
  ["rows", `${model.rows}, ${model.form}: the best of ${model.tried.length} ways on networks left out`],
  ["a call", showMs(model.callMs)],
  ["a kernel", `${(model.kernelMs * 1000).toPrecision(3)} us more`],
  ...Object.entries(model.factors).map(
    ([kind, factor]) => [`  ${kind}`, `${factor.toFixed(3)} of its rows`] as const,
  ),
  ["measured at", table.measuredAt],
  ...Object.entries(table.conditions),
];
