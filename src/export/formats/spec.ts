import { readFile } from "node:fs/promises";
import { exitCodes, UserError } from "../../base/errors.js";
import { macsOf, paramsOf } from "../../graph/cost.js";
import { kernels } from "../../graph/fuse.js";
import { type Node, nodes, paths } from "../../graph/node.js";
import { signature } from "../../graph/signature.js";
import { print } from "../../graph/text.js";
import type { Exported, Format } from "../format.js";
import { costOf, readSpec, type Spec } from "../spec.js";

/** What is known of a network, its operators and shapes included and its weights left out, as JSON. */
export const spec: Format = {
  title: "JSON description of the network",
  extension: ".json",

  write: (exported) => new TextEncoder().encode(`${shown(specOf(exported))}\n`),

  async verify(file, exported) {
    const read = readSpec(await readFile(file, "utf8"), file);
    if (print(read.network) !== print(exported.network))
      throw new UserError(
        "the written spec does not rebuild the network",
        "No file was kept. Please report this with the command you ran.",
        exitCodes.runtime,
      );
    return "the network rebuilt from it is the same, operator by operator";
  },
};

/** A network as a spec states it. */
export const specOf = (exported: Exported): Spec => ({
  schemaVersion: 1,
  name: exported.name,
  genome: exported.genome ?? null,
  space: exported.space ?? null,
  stages: exported.stages ?? null,
  input: [...nodes(exported.network)[0]!.shape],
  output: [...exported.network.shape],
  cost: costOf(exported.network),
  latency: exported.latency ?? null,
  accuracy: exported.accuracy ?? null,
  weights: exported.weightsFrom,
  reproduce: exported.reproduce,
  kernels: kernelsOf(exported.network),
  network: print(exported.network).split("\n"),
});

function kernelsOf(out: Node): Spec["kernels"] {
  const path = paths(out);
  const sum = (all: readonly Node[], of: (node: Node) => number) =>
    all.reduce((total, node) => total + of(node), 0);
  return kernels(out).map((kernel) => ({
    part: kernel.part,
    path: path.get(kernel.nodes[0]!)!,
    signature: signature(kernel),
    inputs: kernel.inputs.map((node): [number, number, number] => [...node.shape]),
    output: [...kernel.output.shape],
    params: sum(kernel.nodes, paramsOf),
    macs: sum(kernel.nodes, macsOf),
  }));
}

const isNumbers = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => typeof item === "number" || isNumbers(item));

/** JSON with two spaces a level, and lists of numbers on one line. */
function shown(value: unknown, margin = ""): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (isNumbers(value)) return JSON.stringify(value).replaceAll(",", ", ");
  const inner = `${margin}  `;
  const items = Array.isArray(value)
    ? value.map((item) => shown(item, inner))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${shown(item, inner)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  if (items.length === 0) return `${open}${close}`;
  return `${open}\n${inner}${items.join(`,\n${inner}`)}\n${margin}${close}`;
}
