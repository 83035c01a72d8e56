import { type Node, nodes, paths } from "../../graph/node.js";
import type { Mixture } from "./mixture.js";
import type { Slot } from "./sharing.js";
import { type Cut, levelsOf } from "./superkernel.js";

/** Of each nested decision, by name, the indicators of its shells, the innermost first: 1 on, 0 off, or between. */
export type Indicators = ReadonlyMap<string, readonly number[]>;

/** A kernel of a network that a nested decision cuts. */
export interface Mask {
  readonly decision: string;
  readonly path: string;
  /** Of each number of the kernel: how many indicators it is multiplied by. */
  readonly levels: Uint8Array;
}

/** Numbers by the path of the weight they are of. */
type ByPath = ReadonlyMap<string, Float32Array>;

/** Nodes of a network after `start`, `end` the last. */
function between(start: Node, end: Node): readonly Node[] {
  const before = new Set(nodes(start));
  return nodes(end).filter((node) => !before.has(node));
}

/** @param cutsAt  the cuts of a stage's candidate, of so many taken, behind what it reads */
export function masksOf(
  { out, stages }: Mixture,
  slots: readonly Slot[],
  cutsAt: (
    start: Node,
    stage: number,
    candidate: number,
  ) => readonly { readonly name: string; readonly cuts: readonly Cut[] }[],
): readonly Mask[] {
  const path = paths(out);
  const keys = new Map(slots.map((slot) => [slot.path, slot.key]));
  return stages.flatMap(({ start, ends }, i) =>
    ends.flatMap((end, k) => {
      const kernels = between(start, end).map((node) => `${path.get(node)}/kernel`);
      return cutsAt(start, i, k).flatMap(({ name, cuts }) => {
        const byKey = new Map(cuts.map((cut) => [cut.key, cut]));
        return kernels.flatMap((at): Mask[] => {
          const cut = byKey.get(keys.get(at) ?? "");
          return cut === undefined ? [] : [{ decision: name, path: at, levels: levelsOf(cut) }];
        });
      });
    }),
  );
}

/** By level, the product of the indicators up to it. */
function products(indicators: readonly number[]): readonly number[] {
  let product = 1;
  return [1, ...indicators.map((d) => (product *= d))];
}

/** What each number of the kernels that are cut is multiplied by: the indicators of its shell and of those within. */
export function factorsOf(masks: readonly Mask[], indicators: Indicators): ByPath {
  const factors = new Map<string, Float32Array>();
  for (const { decision, path, levels } of masks) {
    const by = products(indicators.get(decision)!);
    const before = factors.get(path);
    factors.set(
      path,
      Float32Array.from(levels, (level, n) => (before?.[n] ?? 1) * by[level]!),
    );
  }
  return factors;
}

/** Those of some weights that have factors, times them. */
export const multiplied = (weights: ByPath, factors: ByPath): ByPath =>
  new Map([...factors].map(([path, of]) => [path, weights.get(path)!.map((w, n) => w * of[n]!)]));

/**
 * The gradient of each indicator: the sum, over the numbers it multiplies, of the gradient by what the engine was
 * given, times the number, times all other factors of it.
 */
export function byIndicatorOf(
  masks: readonly Mask[],
  indicators: Indicators,
  weights: ByPath,
  gradients: ByPath,
): Indicators {
  const found = new Map([...indicators].map(([name, of]) => [name, of.map(() => 0)]));
  for (const { decision, path, levels } of masks) {
    const rest = factorsOf(
      masks.filter((other) => other.path === path && other.decision !== decision),
      indicators,
    ).get(path);
    const own = indicators.get(decision)!;
    const byLevel = [0, ...own].map(() => 0);
    const [gradient, weight] = [gradients.get(path)!, weights.get(path)!];
    levels.forEach((level, n) => {
      byLevel[level]! += gradient[n]! * weight[n]! * (rest?.[n] ?? 1);
    });
    const sums = found.get(decision)!;
    own.forEach((_, shell) => {
      const others = products(own.map((d, s) => (s === shell ? 1 : d)));
      for (let level = shell + 1; level < byLevel.length; level++)
        sums[shell]! += others[level]! * byLevel[level]!;
    });
  }
  return found;
}
