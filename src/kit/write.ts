import { createHash } from "node:crypto";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "../base/errors.js";
import { writing } from "../base/files.js";
import { foldNorms } from "../export/foldNorms.js";
import { inputNames } from "../export/inputNames.js";
import type { Node } from "../graph/node.js";
import { signature } from "../graph/signature.js";
import { type KitModel, kitHash, type Manifest, type ModelKind } from "../latency/kitFiles.js";
import { firstOf } from "../measure/order.js";
import type { MeasurePlan } from "../measure/plan.js";
import { timingWeights } from "../measure/timingModel.js";
import type { KitFormat } from "./format.js";
import { networkOf } from "./networkOf.js";

/** What a kit is for. */
export interface KitRequest {
  readonly target: string;
  readonly modelFormat: string;
  readonly format: KitFormat;
  readonly space: string;
  readonly plan: MeasurePlan;
}

/** A model to be written. */
interface Wanted {
  readonly id: string;
  readonly kind: ModelKind;
  readonly key: string;
  readonly out: Node;
}

/** The models of a plan: the call, of each family of kernels as many as are measured at least, blocks and networks. */
export function modelsOf({ families, blocks, networks }: MeasurePlan): readonly Wanted[] {
  const never = (): never => {
    throw new Error("only whole networks are opened by name");
  };
  const numbered = (kind: ModelKind, keys: readonly string[], open: (key: string) => Node = never) =>
    keys.map((key, i) => ({ id: `${kind[0]}${i}`, kind, key, out: networkOf(kind, key, open) }));
  const kernels = families.flatMap((family) => family.kernels.slice(0, firstOf(family.kernels.length)));
  const byKey = new Map(networks.map(({ key, out }) => [key, out]));
  return [
    ...numbered("call", ["call"]),
    ...numbered("kernel", [...new Set(kernels.map(signature))]),
    ...numbered("block", [...blocks.keys()]),
    ...numbered("network", [...byKey.keys()], (key) => byKey.get(key)!),
  ];
}

/**
 * Write a folder with everything to measure a table on another device: models, manifest and what runs them.
 * It has its name only once it is whole.
 *
 * @param say  told of each model written
 * @throws UserError  when the folder is there and not empty, or cannot be written
 */
export async function writeKit(
  folder: string,
  request: KitRequest,
  say: (done: number, all: number) => void,
): Promise<Manifest> {
  const there = await readdir(folder).catch(() => []);
  if (there.length > 0)
    throw new UserError(`${folder} is not empty`, "A kit is written into a folder of its own: --out DIR.");
  const part = `${folder.replace(/[\\/]+$/, "")}.part`;
  return writing(folder, "Choose another place: --out DIR.", async () => {
    try {
      await rm(part, { recursive: true, force: true });
      const manifest = await writeAll(part, request, say);
      await rm(folder, { recursive: true, force: true });
      await rename(part, folder);
      return manifest;
    } catch (error) {
      await rm(part, { recursive: true, force: true }).catch(() => {});
      throw error;
    }
  });
}

async function writeAll(folder: string, request: KitRequest, say: (done: number, all: number) => void) {
  const { target, modelFormat, format, space, plan } = request;
  const wanted = modelsOf(plan);
  const contents = createHash("sha256");
  const models: KitModel[] = [];
  for (const { id, kind, key, out } of wanted) {
    const folded = foldNorms(out, timingWeights(out));
    const file = `models/${id}${format.extension}`;
    for (const [path, bytes] of format.model(folded.out, folded.weights, `${kind} ${key}`)) {
      contents.update(`${id}/${path}`).update(bytes);
      const to = join(folder, file, path);
      await mkdir(dirname(to), { recursive: true });
      await writeFile(to, bytes);
    }
    const inputs = [...inputNames(out).keys()].map(({ shape }) => [...format.inputShape(shape)]);
    models.push({ id, kind, key, file, inputs });
    say(models.length, wanted.length);
  }
  const rest: Omit<Manifest, "kit"> = {
    format: "nas-latency-kit",
    version: 1,
    target,
    modelFormat,
    runtime: format.runtime,
    dtype: format.dtype,
    protocol: format.protocol,
    space,
    contents: contents.digest("hex").slice(0, 16),
    models,
  };
  const { format: name, version, ...others } = rest;
  const manifest: Manifest = { format: name, version, kit: kitHash(rest), ...others };
  await writeFile(join(folder, "manifest.json"), textOf(manifest));
  for (const [name, text] of Object.entries(format.runner(manifest)))
    await writeFile(join(folder, name), text);
  await writeFile(join(folder, "README.md"), readMe(manifest, format));
  return manifest;
}

/** A manifest as text, a model a line. */
function textOf({ models, ...head }: Manifest): string {
  const lines = models.map((model) => `    ${JSON.stringify(model)}`).join(",\n");
  return `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "models": [\n${lines}\n  ]\n}\n`;
}

function readMe({ target, space, models, kit }: Manifest, { title, steps }: KitFormat): string {
  const count = (kind: ModelKind) => models.filter((model) => model.kind === kind).length;
  return [
    `# Latency kit for ${target}`,
    "",
    `${title}: ${count("kernel")} kernels, ${count("block")} blocks and ${count("network")} networks of the space ${space}, and a`,
    `model that does next to nothing, whose time is that of a call. Kit ${kit}.`,
    "",
    ...steps,
    "",
    "Then, with this folder's manifest:",
    "",
    `    nas latency import results.json --manifest manifest.json`,
    "",
    `(or results.log), and the device is a target: nas search --target ${target}.`,
    "",
  ].join("\n");
}
