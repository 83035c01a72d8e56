import { UserError } from "../base/errors.js";
import type { Kernel } from "../graph/fuse.js";
import { type Node, nodes } from "../graph/node.js";
import { parse } from "../graph/text.js";

const form = /^([a-zA-Z]+)(\([^)]*\))?([\dx,]+)>\d+x\d+x\d+((?:\+\w+(?:\([^)]*\))?)*)$/;

/**
 * The kernel that a signature is of, reading from inputs of its own: `signature(kernelOf(key)) === key`.
 * A layer scale comes back with 1 as its start, and every input as a tensor of its own.
 *
 * @throws UserError  when the text is no signature
 */
export function kernelOf(key: string): Kernel {
  const [, kind, attributes = "", sizes, rest = ""] = form.exec(key) ?? [];
  if (kind === undefined)
    throw new UserError(
      `"${key}" is no kernel`,
      "A kernel is written as conv(out=64,kernel=1,stride=1,dilation=1,groups=1,bias=false)16x56x56>64x56x56+norm.",
    );
  const inputs = sizes!.split(",");
  if (kind === "add" && inputs.length > 2) inputs[0] = inputs[0]!.slice(String(inputs.length).length);
  const lines = inputs.map((shape) => `input(shape=${shape})`);
  const readers = inputs.map((_, i) => `%${i}`);
  lines.push(`${kind}${attributes} ${readers.join(" ")}`);
  for (const [, name, count, attributes = ""] of rest.matchAll(/\+([a-zA-Z]+)(\d*)(\([^)]*\))?/g)) {
    const others: string[] = [];
    if (name === "add") {
      const before = lines.length - 1;
      const shape = shapeAt(lines);
      for (let i = 1; i < Number(count || 2); i++) {
        others.push(`%${lines.length}`);
        lines.push(`input(shape=${shape})`);
      }
      lines.push(`add %${before} ${others.join(" ")}`);
    } else lines.push(`${name}${name === "scale" ? "(init=1)" : attributes} %${lines.length - 1}`);
  }
  const out = read(lines);
  const all = nodes(out);
  const isInput = (node: Node) => node.op.kind === "input";
  return {
    part: "kernel",
    nodes: all.filter((node) => !isInput(node)),
    inputs: all.filter(isInput),
    output: out,
  };
}

const read = (lines: readonly string[]): Node => parse(lines.map((line, i) => `%${i} = ${line}`).join("\n"));

const shapeAt = (lines: readonly string[]): string => read(lines).shape.join("x");
