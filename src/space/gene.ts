import type { Rng } from "../base/rng.js";
import type { Value } from "./block.js";
import type { BlockOption, Gene, StageSpec } from "./space.js";

/** The widths a stage can decide on; a stage that keeps the width before decides 0. */
export const widthsOf = (stage: StageSpec): readonly number[] => (stage.width === "same" ? [0] : stage.width);

const product = (factors: readonly number[]): bigint => factors.reduce((n, f) => n * BigInt(f), 1n);
const lengths = (option: BlockOption): number[] =>
  Object.values(option.choices).map((values) => values.length);

/** How many different genes a stage has: one for depth 0, and every combination for each other depth. */
export function geneCount(stage: StageSpec): bigint {
  const built = BigInt(stage.depth.filter((d) => d > 0).length * widthsOf(stage).length);
  const picks = stage.options.reduce((sum, option) => sum + product(lengths(option)), 0n);
  return built * picks + (stage.depth.includes(0) ? 1n : 0n);
}

const firstPicks = (option: BlockOption): { [choice: string]: Value } =>
  Object.fromEntries(Object.entries(option.choices).map(([name, values]) => [name, values[0]!]));

/** The one gene of depth 0. */
export const emptyGene = (stage: StageSpec): Gene => ({
  depth: 0,
  width: widthsOf(stage)[0]!,
  option: 0,
  choices: firstPicks(stage.options[0]!),
});

/** The gene of a number from 0 to `geneCount` - 1; each gene has one number. */
export function geneAt(stage: StageSpec, index: bigint): Gene {
  let rest = index;
  const take = <T>(values: readonly T[]): T => {
    const digit = Number(rest % BigInt(values.length));
    rest /= BigInt(values.length);
    return values[digit]!;
  };
  if (stage.depth.includes(0)) {
    if (rest === 0n) return emptyGene(stage);
    rest -= 1n;
  }
  const depth = take(stage.depth.filter((d) => d > 0));
  const width = take(widthsOf(stage));
  let option = 0;
  for (; rest >= product(lengths(stage.options[option]!)); option++)
    rest -= product(lengths(stage.options[option]!));
  const choices = Object.fromEntries(
    Object.entries(stage.options[option]!.choices).map(([name, values]) => [name, take(values)]),
  );
  return { depth, width, option, choices };
}

export const equalValues = (a: Value, b: Value): boolean => String(a) === String(b);

/** One thing a gene decides: its values, and the gene with another of them. */
export interface Decision {
  readonly name: string;
  readonly values: readonly Value[];
  readonly current: Value;
  /** The gene that decides `value` instead; choices this makes active keep a value both know, else `fill` chooses. */
  with(value: Value, fill: (values: readonly Value[]) => Value): Gene;
}

function moved(
  stage: StageSpec,
  gene: Gene,
  option: number,
  fill: (values: readonly Value[]) => Value,
): Gene {
  const choices = Object.fromEntries(
    Object.entries(stage.options[option]!.choices).map(([name, values]) => {
      const kept = gene.depth > 0 ? gene.choices[name] : undefined;
      const known = kept !== undefined && values.some((v) => equalValues(v, kept));
      return [name, known ? kept : fill(values)];
    }),
  );
  return { ...gene, option, choices };
}

/** The decisions active in a gene that have more than one value. */
export function decisions(stage: StageSpec, gene: Gene): readonly Decision[] {
  const depth: Decision = {
    name: "depth",
    values: stage.depth,
    current: gene.depth,
    with(value, fill) {
      if (value === 0) return emptyGene(stage);
      if (gene.depth > 0) return { ...gene, depth: value as number };
      const option = fill(stage.options.map((_, i) => i)) as number;
      const width = fill(widthsOf(stage)) as number;
      return { ...moved(stage, { ...gene, width }, option, fill), depth: value as number };
    },
  };
  if (gene.depth === 0) return stage.depth.length > 1 ? [depth] : [];
  const width: Decision = {
    name: "width",
    values: widthsOf(stage),
    current: gene.width,
    with: (value) => ({ ...gene, width: value as number }),
  };
  const block: Decision = {
    name: "block",
    values: stage.options.map((_, i) => i),
    current: gene.option,
    with: (value, fill) => moved(stage, gene, value as number, fill),
  };
  const choices = Object.entries(stage.options[gene.option]!.choices).map(
    ([name, values]): Decision => ({
      name,
      values,
      current: gene.choices[name]!,
      with: (value) => ({ ...gene, choices: { ...gene.choices, [name]: value } }),
    }),
  );
  return [depth, width, block, ...choices].filter((d) => d.values.length > 1);
}

/** The decision re-made: another value, each equally likely. */
export function remake(decision: Decision, rng: Rng): Gene {
  const others = decision.values.filter((v) => !equalValues(v, decision.current));
  return decision.with(rng.pick(others), (values) => rng.pick(values));
}
