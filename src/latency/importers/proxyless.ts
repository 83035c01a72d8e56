import { parse } from "yaml";
import { z } from "zod";
import { UserError } from "../../base/errors.js";
import { readForm } from "../../base/form.js";
import { kernels } from "../../graph/fuse.js";
import { input, type Node } from "../../graph/node.js";
import { signature } from "../../graph/signature.js";
import { blockKey, blocksOf } from "../piece.js";
import type { Row } from "../table.js";
import type { Importer } from "./importer.js";

const form = z.record(
  z.string(),
  z.looseObject({ mean: z.number().positive(), count: z.number().int().min(1).optional() }),
);

const size = String.raw`(\d+)x(\d+)x(\d+)`;
const patterns = {
  block: new RegExp(
    `^expanded_conv-input:${size}-output:${size}-expand:(\\d+)-kernel:(\\d+)-stride:(\\d+)-idskip:([01])$`,
  ),
  conv: new RegExp(`^(Conv|Conv_1)-input:${size}-output:${size}$`),
};

/** Widen, filter and narrow with ReLU6, as ProxylessNAS builds its blocks. */
function block([h, w, c, , , out, expand, kernel, stride, skip]: readonly number[]): Node {
  const x = input([c!, h!, w!]);
  const wide =
    expand === 1
      ? x
      : x
          .conv(c! * expand!)
          .norm()
          .act("relu6");
  const deep = wide.depthwise({ kernel: kernel!, stride: stride! }).norm().act("relu6");
  const thin = deep.conv(out!).norm();
  return skip === 1 ? thin.add(x) : thin;
}

/** A key as a network of ours, what it is a row of, and the shape it says comes out; undefined where it is none. */
function networkOf(
  key: string,
): { readonly kind: "block" | "kernel"; readonly out: Node; readonly says: string } | undefined {
  const found = patterns.block.exec(key)?.slice(1).map(Number);
  if (found !== undefined) {
    const [, , , h, w, c] = found;
    return { kind: "block", out: block(found), says: [c, h, w].join("x") };
  }
  const [, name, ...sizes] = patterns.conv.exec(key) ?? [];
  if (name === undefined) return undefined;
  const [h, w, c, oh, ow, oc] = sizes.map(Number);
  const stride = Math.round(h! / oh!);
  const kernel = name === "Conv" ? 3 : 1;
  const out = input([c!, h!, w!]).conv(oc!, { kernel, stride }).norm().act("relu6");
  return { kind: "kernel", out, says: [oc, oh, ow].join("x") };
}

/**
 * Tables of ProxylessNAS and what is written like them: YAML of blocks and convolutions, by keys such as
 * `expanded_conv-input:112x112x16-output:56x56x24-expand:3-kernel:5-stride:2-idskip:0`, each with its
 * mean in milliseconds.
 */
export const proxyless: Importer = {
  title: "latency table of ProxylessNAS, YAML",
  detect: (text) => /^['"]?(expanded_conv|Conv|Conv_1|Logits)-input:/m.test(text),
  read({ text, where }) {
    let yaml: unknown;
    try {
      yaml = parse(text); // refuses keys given twice
    } catch (error) {
      throw new UserError(
        `${where}: ${(error as Error).message.split("\n")[0]}`,
        "It must be YAML, whole, each key once.",
      );
    }
    const lines = text.split("\n");
    const rows: Row[] = [];
    const notes: string[] = [];
    for (const [key, value] of Object.entries(readForm(z.record(z.string(), z.unknown()), yaml, where))) {
      const line = lines.findIndex((l) => l.includes(key));
      const at = line < 0 ? where : `${where}, line ${line + 1}`;
      const { mean, count } = readForm(form, { [key]: value }, at)[key]!;
      const network = networkOf(key);
      if (network === undefined || network.out.shape.join("x") !== network.says) {
        notes.push(`left out ${at}: ${key} is no network of ours`);
        continue;
      }
      const { kind, out } = network;
      const name = kind === "kernel" ? signature(kernels(out)[0]!) : blockKey(blocksOf(out.as("block"))[0]!);
      rows.push({ kind, key: name, count: count ?? 1, medianMs: mean, spreadMs: 0, drift: null });
    }
    return { rows, about: {}, source: "ProxylessNAS latency table, means", notes };
  },
};
