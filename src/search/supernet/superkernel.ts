import { input, type Node } from "../../graph/node.js";
import type { Builder } from "../../space/build.js";
import { equalValues } from "../../space/gene.js";
import type { Gene } from "../../space/space.js";
import type { Choices } from "./architecture.js";
import { type Slot, slotsOf } from "./sharing.js";

/** A weight of a superkernel that smaller values of a decision use a part of. */
export interface Cut extends Pick<Slot, "key" | "role" | "shape"> {
  /** What is smaller: the middle of a k × k kernel, or the first of the channels it reads. */
  readonly along: "kernel" | "input";
  /** Kernel size, or channels read, of each nested value, the smallest first; the last is the whole. */
  readonly sizes: readonly number[];
}

/**
 * A decision of kernel or expansion whose values are nested: the network of a smaller one is that of
 * the largest with the outer rings of its kernels, or the last of the channels that are read, at zero.
 */
export interface Nested {
  /** As `compose` names it. */
  readonly name: string;
  readonly choice: "kernel" | "expand";
  readonly option: number;
  /** Indices of the nested values among the decision's, the smallest first. */
  readonly order: readonly number[];
  /** All weights it cuts, in the largest networks of the space. */
  readonly cuts: readonly Cut[];
}

const withChoice = (gene: Gene, choice: string, value: Gene["choices"][string]): Gene => ({
  ...gene,
  choices: { ...gene.choices, [choice]: value },
});

/** What a weight of a smaller network is of the same one of the largest; undefined where it is as large. */
function cutOf(whole: Slot, parts: readonly Slot[]): Cut | undefined {
  const { key, role, shape } = whole;
  if (role !== "kernel") return undefined;
  const axis = parts.some((part) => part.shape[0]! < shape[0]!) ? 0 : 2;
  const sizes = [...parts, whole].map((part) => part.shape[axis]!);
  if (sizes[0] === shape[axis]) return undefined;
  return { key, role, shape, along: axis === 0 ? "kernel" : "input", sizes };
}

/** Which values of an option's decision are nested, by its gene at the largest value; and its cuts there. */
type Compared = { readonly values: readonly number[]; readonly cuts: readonly Cut[] };

function compare(
  builder: Builder,
  x: Node,
  i: number,
  gene: Gene,
  choice: string,
  values: readonly number[],
): Compared {
  const made = values.map((value) =>
    slotsOf(builder.stage(input(x.shape), i, withChoice(gene, choice, value)), "slices"),
  );
  const whole = made.at(-1)!;
  const nested = made.filter(
    (slots) => slots.length === whole.length && slots.every(({ key }, s) => key === whole[s]!.key),
  );
  return {
    values: values.filter((_, v) => nested.includes(made[v]!)),
    cuts: whole.flatMap(
      (slot, s) =>
        cutOf(
          slot,
          nested.slice(0, -1).map((slots) => slots[s]!),
        ) ?? [],
    ),
  };
}

/** Values of a choice, the smallest first. */
const ascending = (values: readonly unknown[]): readonly number[] =>
  (values as readonly number[]).toSorted((a, b) => a - b);

/**
 * The nested decisions of each stage. Which values of a kernel or an expansion are nested is seen from
 * the networks the space builds: those whose weighted operators are the same but for their sizes. So
 * expansion 1 of an inverted residual, which has no widening convolution, is not, nor are expansions
 * of grouped convolutions, whose groups would be others; such values stay with the architecture parameters.
 *
 * Source: Stamoulis et al. 2019, Single-Path NAS, arXiv:1904.02877, §3.
 */
export function nestedOf({ space, stages }: Choices, builder: Builder): readonly (readonly Nested[])[] {
  let x = builder.stem();
  return space.stages.map((spec, i) => {
    const depth = Math.max(...spec.depth);
    const width = spec.width === "same" ? 0 : Math.max(...spec.width);
    const largest = stages[i]!.filter(({ gene }) => gene.depth === depth && gene.width === width);
    const found = spec.options.flatMap(({ choices }, option): Nested[] =>
      (["kernel", "expand"] as const).flatMap((choice): Nested[] => {
        const all = choices[choice] ?? [];
        const isGrouped = choices.groups?.some((groups) => groups !== 1) === true;
        if (all.length < 2 || (choice === "expand" && isGrouped)) return [];
        const values = ascending(all);
        const rest = choice === "kernel" ? "expand" : "kernel";
        const top = choices[rest] === undefined ? undefined : ascending(choices[rest]).at(-1)!;
        const compared = largest
          .filter(({ gene }) => gene.option === option && gene.choices[choice] === values.at(-1))
          .filter(({ gene }) => top === undefined || gene.choices[rest] === top)
          .map(({ gene }) => ({ gene, ...compare(builder, x, i, gene, choice, values) }));
        const nested = values.filter((value) => compared.every((c) => c.values.includes(value)));
        if (nested.length < 2) return [];
        const cuts = new Map(
          compared
            .flatMap(({ gene }) => compare(builder, x, i, gene, choice, nested).cuts)
            .map((cut) => [cut.key, cut]),
        );
        const order = nested.map((value) => all.findIndex((v) => equalValues(v, value)));
        return [
          { name: `${spec.name}.${option}.${choice}`, choice, option, order, cuts: [...cuts.values()] },
        ];
      }),
    );
    x = input(builder.stage(input(x.shape), i, largest[0]!.gene).shape);
    return found;
  });
}

/** The cuts of one stage's gene, at the largest nested values, behind what it reads. */
export function cutsOf(
  choices: Choices,
  builder: Builder,
  x: Node,
  i: number,
  gene: Gene,
  nested: readonly Nested[],
): readonly { readonly name: string; readonly cuts: readonly Cut[] }[] {
  if (gene.depth === 0) return [];
  return nested.flatMap(({ name, option, choice, order }) => {
    const values = choices.space.stages[i]!.options[option]!.choices[choice]! as readonly number[];
    const sizes = order.map((index) => values[index]!);
    if (option !== gene.option || gene.choices[choice] !== sizes.at(-1)) return [];
    return [{ name, cuts: compare(builder, x, i, gene, choice, sizes).cuts }];
  });
}

/** Levels of cuts that were asked for: they are asked for at every step. */
const known = new WeakMap<object, Uint8Array>();

/** Of each number of a superkernel, which of the nested values is the first to have it. */
export function levelsOf(cut: Pick<Cut, "along" | "sizes" | "shape">): Uint8Array {
  const before = known.get(cut);
  if (before !== undefined) return before;
  const { along, sizes, shape } = cut;
  const [height, width, read, out] = shape as readonly [number, number, number, number];
  const levels = new Uint8Array(height * width * read * out);
  const ring = (at: number, of: number) => Math.abs(2 * at + 1 - of);
  let at = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let i = 0; i < read; i++, at += out) {
        const reach = along === "kernel" ? Math.max(ring(y, height), ring(x, width)) + 1 : i + 1;
        const level = sizes.findIndex((size) => reach <= size);
        levels.fill(level, at, at + out);
      }
  known.set(cut, levels);
  return levels;
}
