import { UserError } from "../base/errors.js";
import { Node, nodes } from "./node.js";
import { activations, type Kind, type OpOf, type Shape } from "./op.js";
import { attributes } from "./signature.js";

/**
 * A network as lines a person reads, one node a line:
 * `%3 = conv(out=32,kernel=3,...) %2 @stem # 32x112x112`.
 * The comment is the shape; a name closes a part.
 */
export function print(out: Node): string {
  const number = new Map(nodes(out).map((node, i) => [node, i]));
  return [...number]
    .map(([node, i]) => {
      const shown = attributes(node.op);
      return [
        `%${i} = ${node.op.kind}${shown === "" ? "" : `(${shown})`}`,
        ...node.inputs.map((n) => `%${number.get(n)}`),
        ...(node.name === undefined ? [] : [`@${node.name}`]),
        `# ${node.shape.join("x")}`,
      ].join(" ");
    })
    .join("\n");
}

type Read = (name: string) => string;

const line = /^%(\d+) = (\w+)(?:\(([^)]*)\))?((?: %\d+)*)(?: @(\S+))?\s*(?:#.*)?$/;

const number = (read: Read, name: string): number => {
  const value = Number(read(name));
  if (read(name).trim() === "" || !Number.isFinite(value))
    throw new UserError(`${name} is "${read(name)}"`, "It must be a number.");
  return value;
};

const truth = (read: Read, name: string): boolean => {
  const value = read(name);
  if (value !== "true" && value !== "false")
    throw new UserError(`${name} is "${value}"`, "It must be true or false.");
  return value === "true";
};

const readers: { readonly [K in Kind]: (read: Read) => OpOf<K> } = {
  input: (read) => ({ kind: "input", shape: read("shape").split("x").map(Number) as unknown as Shape }),
  conv: (read) => ({
    kind: "conv",
    out: number(read, "out"),
    kernel: number(read, "kernel"),
    stride: number(read, "stride"),
    dilation: number(read, "dilation"),
    groups: number(read, "groups"),
    bias: truth(read, "bias"),
  }),
  norm: () => ({ kind: "norm" }),
  layerNorm: () => ({ kind: "layerNorm" }),
  act(read) {
    const fn = activations.find((a) => a === read("fn"));
    if (fn === undefined)
      throw new UserError(`act: fn is "${read("fn")}"`, `It must be one of ${activations.join(", ")}.`);
    return { kind: "act", fn };
  },
  scale: (read) => ({ kind: "scale", init: number(read, "init") }),
  add: () => ({ kind: "add" }),
  average: () => ({ kind: "average" }),
  mul: () => ({ kind: "mul" }),
  concat: () => ({ kind: "concat" }),
  globalPool: () => ({ kind: "globalPool" }),
  avgPool: (read) => ({ kind: "avgPool", kernel: number(read, "kernel"), stride: number(read, "stride") }),
  shuffle: (read) => ({ kind: "shuffle", groups: number(read, "groups") }),
  maxRelative: (read) => ({ kind: "maxRelative", step: number(read, "step") }),
  attention: (read) => ({ kind: "attention", heads: number(read, "heads"), table: number(read, "table") }),
};

/**
 * Read what `print` wrote: `parse(print(n))` prints the same text.
 *
 * @throws UserError  naming the line, what is wrong in it and what would be right
 */
export function parse(text: string): Node {
  const found: Node[] = [];
  text.split("\n").forEach((source, i) => {
    if (source.trim() === "" || source.trim().startsWith("#")) return;
    try {
      found.push(parseLine(source.trim(), found));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(`line ${i + 1}: ${error.message}`, error.whatToDo);
    }
  });
  if (found.length === 0)
    throw new UserError("the network has no nodes", "Its first line is %0 = input(shape=3x224x224).");
  const out = found.at(-1)!;
  const used = new Set(nodes(out));
  const idle = found.findIndex((node) => !used.has(node));
  if (idle >= 0)
    throw new UserError(
      `nothing uses %${idle}`,
      `The last node, %${found.length - 1}, must need all others.`,
    );
  return out;
}

function parseLine(source: string, before: readonly Node[]): Node {
  const i = before.length;
  const match = line.exec(source);
  if (match === null)
    throw new UserError(`cannot read "${source}"`, "A line is: %3 = act(fn=relu) %2 @name.");
  const [, id, kind, attrs = "", inputs = "", name] = match;
  if (Number(id) !== i)
    throw new UserError(`node is %${id}`, `Nodes are numbered in order; this one is %${i}.`);
  if (!Object.hasOwn(readers, kind!))
    throw new UserError(`unknown operator "${kind}"`, `Known: ${Object.keys(readers).join(", ")}.`);
  const given = new Map<string, string>();
  for (const attribute of attrs === "" ? [] : attrs.split(",")) {
    const [, key, value] = /^(\w+)=(.*)$/.exec(attribute) ?? [];
    if (key === undefined || value === undefined)
      throw new UserError(`${kind}: cannot read "${attribute}"`, "An attribute is: name=value.");
    if (given.has(key)) throw new UserError(`${kind}: ${key} is given twice`, "Give it once.");
    given.set(key, value);
  }
  const op = readers[kind as Kind]((key) => {
    const value = given.get(key);
    if (value === undefined) throw new UserError(`${kind}: no ${key}`, `Write ${key}=... in the brackets.`);
    return value;
  });
  const unknown = [...given.keys()].find((key) => key === "kind" || !Object.hasOwn(op, key));
  if (unknown !== undefined)
    throw new UserError(`${kind}: unknown attribute "${unknown}"`, `It has: ${attributes(op) || "none"}.`);
  const from = (inputs.match(/\d+/g) ?? []).map((n) => {
    const node = before[Number(n)];
    if (node === undefined)
      throw new UserError(`input %${n} is not above`, i === 0 ? "Nothing is." : `Known: %0 to %${i - 1}.`);
    return node;
  });
  return new Node(op, from, name);
}
