import { z } from "zod";
import { parseJson } from "../../base/files.js";
import { readForm } from "../../base/form.js";
import { median } from "../../base/stats.js";
import { type Importer, kernelRows, networkOf } from "./importer.js";

const event = z.looseObject({ cat: z.string(), name: z.string(), dur: z.number().nonnegative() });

/**
 * The JSON that onnxruntime writes with profiling on: events of nodes, `stage1.0/conv0/Conv_kernel_time`,
 * and of whole runs, `model_run`, in microseconds.
 */
export const onnxruntime: Importer = {
  title: "onnxruntime's JSON profile",
  detect: (text) => /^\s*\[/.test(text) && text.includes('"model_run"'),
  read(given) {
    const { text, where } = given;
    const { key, out } = networkOf(given);
    const events = readForm(
      z.array(event).min(1),
      parseJson(text, where, "Was writing it interrupted? End the session before you copy its profile."),
      where,
    );
    const runs = events.filter(({ name }) => name === "model_run").map(({ dur }) => dur / 1000);
    const byName = new Map<string, number[]>();
    for (const { cat, name, dur } of events)
      if (cat === "Node" && name.endsWith("_kernel_time")) {
        const node = name.slice(0, -"_kernel_time".length);
        byName.set(node, [...(byName.get(node) ?? []), dur / 1000]);
      }
    const ran = [...byName].map(([name, all]) => ({ name, ms: median(all) }));
    const { rows, notes } = kernelRows(out, ran, Math.max(1, runs.length), where);
    const whole = median(runs);
    return {
      rows:
        runs.length === 0
          ? rows
          : [
              ...rows,
              {
                kind: "network",
                key,
                count: runs.length,
                medianMs: whole,
                spreadMs: median(runs.map((ms) => Math.abs(ms - whole))) * 2,
                drift: null,
              },
            ],
      about: { runtime: "onnxruntime", dtype: "float32" },
      source: `onnxruntime profile of ${key}`,
      notes,
    };
  },
};
