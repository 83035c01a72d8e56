import type { Rng } from "../../base/rng.js";
import type { Batch } from "../../train/engine.js";
import {
  addLogGradient,
  type Choices,
  type Distribution,
  drawIndex,
  type LogitGradient,
} from "./architecture.js";
import { mixtureOf } from "./mixture.js";
import { borrow, judged, withTrainer } from "./network.js";
import type { Site } from "./steps.js";

/** Two candidates of a stage, or the only one it has. */
export type Pair = readonly [first: number, second?: number];

/** For each stage a candidate drawn by its probability, and another one of the rest. */
export const drawPairs = ({ candidates }: Pick<Distribution, "candidates">, rng: Rng): readonly Pair[] =>
  candidates.map((p) => {
    const first = drawIndex(p, rng);
    const rest = p.map((weight, c) => (c === first ? 0 : weight));
    return rest.some((weight) => weight > 0) ? [first, drawIndex(rest, rng)] : [first];
  });

/** Mean cross-entropy of one network on a batch, normalised by the batch, without a way back. */
async function lossOf(site: Site, batch: Batch, picked: readonly number[]): Promise<number> {
  const { choices, builder, shared, plan } = site;
  const { out } = mixtureOf(
    choices,
    builder,
    picked.map((n) => [n]),
  );
  return withTrainer(site.engine, borrow(out, shared, plan.rule.sharing), (trainer) => {
    let logits: Float32Array = new Float32Array();
    trainer.watch(batch, {
      made(node, value) {
        if (node === out) logits = value();
      },
    });
    site.held(trainer.heapBytes());
    return judged(logits, batch, plan.proxy.classes).loss;
  });
}

/** Losses of the network of all first candidates, and of those that have one stage's second instead. */
export interface PairLosses {
  readonly first: number;
  /** By stage; undefined where a stage has no second. */
  readonly second: readonly (number | undefined)[];
}

/**
 * What each stage's gates cost: the loss with one candidate let through and with the other, all other stages as they are
 * and the images the same.
 */
export async function pairLosses(site: Site, batch: Batch, pairs: readonly Pair[]): Promise<PairLosses> {
  const firsts = pairs.map(([first]) => first);
  const first = await lossOf(site, batch, firsts);
  const second: (number | undefined)[] = [];
  for (const [i, [, other]] of pairs.entries())
    second.push(other === undefined ? undefined : await lossOf(site, batch, firsts.with(i, other)));
  return { first, second };
}

/**
 * Add `factor` times the gradient, by logits, of the mean loss of networks drawn: of each pair the difference of its
 * losses, weighed by how likely both are over how likely they were to be drawn. In the mean over pairs it is
 * exact, whatever the loss.
 *
 * Source: Cai et al. 2019, ProxylessNAS, arXiv:1812.00332, eq. 4 and §3.2.1 (two paths), the gates' gradient replaced by
 * the difference that it stands for.
 */
export function addPairGradient(
  to: LogitGradient,
  { stages }: Pick<Choices, "stages">,
  distribution: Distribution,
  pairs: readonly Pair[],
  { first, second }: PairLosses,
  factor: number,
): void {
  for (const [i, [a, b]] of pairs.entries()) {
    if (b === undefined) continue;
    const p = distribution.candidates[i]!;
    const weight = 1 / (1 / (1 - p[a]!) + 1 / (1 - p[b]!));
    const worth = factor * weight * (first - second[i]!);
    addLogGradient(to, distribution, stages[i]![a]!, worth);
    addLogGradient(to, distribution, stages[i]![b]!, -worth);
  }
}
