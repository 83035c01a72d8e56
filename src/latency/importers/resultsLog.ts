import { UserError } from "../../base/errors.js";
import { type Importer, milliseconds } from "./importer.js";
import { checkStamp, kitRows, type Timed } from "./kitRows.js";

const fields = ["kit", "target", "device", "soc", "os", "runtime", "dtype", "threads", "measuredAt"] as const;

/** Interquartile range of a normal distribution in standard deviations. */
const quartiles = 1.349;

/** The times in what benchmark_model or onnxruntime_perf_test printed for one model. */
function timesIn(lines: readonly string[], id: string, where: string): Timed {
  const counts = lines.filter((line) => /\bcount=\d+/.test(line));
  const last = counts.at(-1);
  if (last !== undefined) {
    // The runs after the warm-up, in microseconds; without percentiles in versions before 2.15.
    const value = (name: string) => new RegExp(`\\b${name}=([^\\s(]+)`).exec(last)?.[1];
    const typical = value("median") ?? value("avg") ?? value("curr") ?? "";
    return {
      id,
      count: Number(value("count")),
      medianMs: milliseconds(typical, where, "median, in microseconds") / 1000,
      spreadMs: (quartiles * Number(value("std") ?? 0)) / 1000,
      drift: null,
    };
  }
  const number = (pattern: RegExp) =>
    lines.map((line) => pattern.exec(line)?.[1]).find((n) => n !== undefined);
  const p50 = number(/^P50 Latency(?: is|:) ([\d.e+-]+) s/);
  const p90 = number(/^P90 Latency(?: is|:) ([\d.e+-]+) s/);
  if (p50 !== undefined) {
    const medianMs = 1000 * milliseconds(p50, where, "P50 latency, in seconds");
    const requests = number(/^Total (?:inference requests|iterations): ?(\d+)/);
    // Half the way to the ninetieth percentile, about the interquartile range.
    const spreadMs = p90 === undefined ? 0 : Math.max(0, (1000 * Number(p90) - medianMs) / 2);
    return { id, count: Number(requests ?? 1), medianMs, spreadMs, drift: null };
  }
  const average = number(/^Average (?:inference )?time cost: ?([\d.e+-]+) ms/);
  if (average !== undefined) {
    const medianMs = milliseconds(average, where, "average, in milliseconds");
    return { id, count: 1, medianMs, spreadMs: 0, drift: null };
  }
  const said = lines.findLast((line) => line.trim() !== "" && line !== "failed");
  return { id, error: said?.trim() ?? "it printed nothing" };
}

/** results.log: what the script of a kit for an Android phone keeps. */
export const resultsLog: Importer = {
  title: "results.log of nas latency kit, of benchmark_model or onnxruntime_perf_test",
  detect: (text) => text.startsWith("nas-latency-log "),
  read({ text, where, manifest }) {
    const lines = text.replaceAll("\r", "").split("\n");
    if (lines[0] !== "nas-latency-log 1")
      throw new UserError(`${where}, line 1: "${lines[0]}"`, "It must be nas-latency-log 1.");
    const places = lines.flatMap((line, i) => (line.startsWith("== ") ? [i] : []));
    if (lines[places.at(-1) ?? 0] !== "== end")
      throw new UserError(`${where} does not end with == end`, "The measurement did not end. Run it again.");
    const head = new Map(
      lines
        .slice(1, places[0])
        .map((line) => [line.split(" ")[0]!, line.split(" ").slice(1).join(" ").trim()] as const),
    );
    const field = (name: (typeof fields)[number]) => {
      const value = head.get(name);
      if (value === undefined || value === "")
        throw new UserError(`${where}: no ${name} before the first model`, "It is a line: name value.");
      return value;
    };
    const threads = field("threads");
    if (!/^[1-9]\d*$/.test(threads))
      throw new UserError(`${where}: threads is "${threads}"`, "It must be a whole number of at least 1.");
    const stamp = { kit: field("kit"), target: field("target"), dtype: field("dtype") };
    const kit = checkStamp(stamp, manifest, where);
    const line = new Map(places.map((place) => [lines[place]!.slice(3), place + 1]));
    const at = (id: string) => `${where}, line ${line.get(id)}`;
    const timed = places.slice(0, -1).map((place, i) => {
      const id = lines[place]!.slice(3);
      return timesIn(lines.slice(place + 1, places[i + 1]), id, at(id));
    });
    return {
      ...kitRows(kit, timed, where, at),
      about: {
        device: field("device"),
        soc: head.get("soc") || "not stated",
        os: field("os"),
        runtime: field("runtime"),
        dtype: stamp.dtype,
        threads: Number(threads),
        protocol: kit.protocol,
        measuredAt: field("measuredAt"),
        conditions: {},
      },
      source: `nas latency kit ${kit.kit}`,
    };
  },
};
