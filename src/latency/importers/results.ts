import { readResults } from "../kitFiles.js";
import type { Importer } from "./importer.js";
import { checkStamp, kitRows } from "./kitRows.js";

/** results.json of a kit for Core ML, or of one for ONNX measured on a computer. */
export const results: Importer = {
  title: "results.json of nas latency kit",
  detect: (text) => text.includes('"nas-latency-results"'),
  read({ text, where, manifest }) {
    const given = readResults(text, where);
    const kit = checkStamp(given, manifest, where);
    const lines = text.split("\n");
    const at = (id: string) => {
      const line = lines.findIndex((l) => new RegExp(`"id" ?: ?"${id}"`).test(l));
      return line < 0 ? where : `${where}, line ${line + 1}`;
    };
    const { device, soc, os, runtime, dtype, threads, measuredAt, conditions } = given;
    return {
      ...kitRows(kit, given.results, where, at),
      about: { device, soc, os, runtime, dtype, threads, measuredAt, conditions, protocol: kit.protocol },
      source: `nas latency kit ${kit.kit}`,
    };
  },
};
