import { type BlockTable, blocksMs } from "./blocks.js";
import { conformal, level, logError, type Pair, summary } from "./error.js";
import { fitSize } from "./fitSize.js";
import { nonNegative } from "./nonNegative.js";
import type { BlockFit } from "./target.js";

/** One measured latency of a network of a space, and its cost. */
export interface BlockSample {
  /** One a layer, as numbers into the table's operators. */
  readonly operators: readonly number[];
  readonly ms: number;
  readonly macs: number;
  readonly params: number;
}

/** Every so-manieth network is left out of the fit. */
const outEvery = 4;

/** Whether the fit leaves out the network of this number. */
export const isLeftOut = (number: number): boolean => number % outEvery === 0;

/**
 * Recover a table of blocks from latencies of whole networks by non-negative least
 * squares, with every fourth network left out to see how well it adds up.
 *
 * @param samples  in which every operator is in every layer, or the fit has no answer
 * @param skip     the operator whose cost is counted with the rest, in every layer
 *
 * What a layer's operators have in common cannot be told from the rest by whole networks; so
 * the skip of a layer that changes shape, a convolution, is in the rest, too. Deterministic.
 */
export function fitBlockTable(
  samples: readonly BlockSample[],
  { space, operators }: Pick<BlockTable, "space" | "operators">,
  skip: number,
): BlockFit {
  const seen = samples.filter((_, i) => !isLeftOut(i));
  const unseen = samples.filter((_, i) => isLeftOut(i));
  const layers = samples[0]!.operators.length;
  const term = (layer: number, operator: number) => 1 + layer * operators.length + operator;
  const skips = new Set(samples[0]!.operators.map((_, layer) => term(layer, skip)));
  const kept = Array.from({ length: 1 + layers * operators.length }, (_, i) => i).filter(
    (i) => !skips.has(i),
  );
  const column = new Map(kept.map((i, at) => [i, at]));
  const normal = kept.map(() => kept.map(() => 0));
  const right = kept.map(() => 0);
  for (const { operators: chosen, ms } of seen) {
    const terms = [0, ...chosen.map((operator, layer) => term(layer, operator))].flatMap(
      (i) => column.get(i) ?? [],
    );
    for (const i of terms) {
      right[i]! += ms;
      for (const j of terms) normal[i]![j]! += 1;
    }
  }
  const [restMs, ...costs] = nonNegative(normal, right);
  const table: BlockTable = {
    space,
    operators,
    restMs: restMs!,
    ms: Array.from({ length: layers }, (_, layer) =>
      operators.map((_, operator) =>
        operator === skip ? 0 : costs[column.get(term(layer, operator))! - 1]!,
      ),
    ),
  };
  const pairs = (some: readonly BlockSample[]): Pair[] =>
    some.map((sample) => ({ predicted: blocksMs(sample.operators, table), ms: sample.ms }));
  const bySize = fitSize(seen);
  const left = pairs(unseen);
  return {
    table,
    error: {
      inSample: summary(pairs(seen)),
      networkOut: summary(left),
      baseline: summary(unseen.map((sample) => ({ predicted: bySize(sample), ms: sample.ms }))),
    },
    interval: { level, halfWidth: conformal(left.map(logError), level) },
    heldOutMs: unseen.map(({ ms }) => ms),
  };
}
