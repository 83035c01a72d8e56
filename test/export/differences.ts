import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { compareOutputs } from "../../src/export/check.js";
import type { Exported } from "../../src/export/format.js";
import { onnx } from "../../src/export/formats/onnx.js";
import { load } from "../../src/export/onnx/run.js";
import { type Node, nodes } from "../../src/graph/node.js";
import { parse, print } from "../../src/graph/text.js";
import type { Engine } from "../../src/train/engine.js";

const folder = mkdtempSync(join(tmpdir(), "nas-onnx-"));
after(() => rmSync(folder, { recursive: true }));

let files = 0;

/** How far what onnxruntime computes of the written file is from an engine's outputs. */
export async function difference(what: Exported, foldNorms: boolean, engine: Engine): Promise<number> {
  const file = join(folder, `${files++}.onnx`);
  writeFileSync(file, onnx.write(what, { foldNorms }));
  const { run, close } = await load(file);
  return compareOutputs(what, engine, run).finally(close);
}

/** The same operators on a smaller image. */
export function resized(out: Node, pixels: number): Node {
  const [c, h, w] = nodes(out)[0]!.shape;
  return parse(print(out).replace(`shape=${c}x${h}x${w}`, `shape=${c}x${pixels}x${pixels}`));
}
