import type { Rng } from "../../base/rng.js";
import { weightSpecs } from "../../graph/weights.js";
import type { Builder } from "../../space/build.js";
import type { Batch, Engine } from "../../train/engine.js";
import {
  addLogGradient,
  type Choices,
  type Distribution,
  drawIndex,
  type LogitGradient,
  softmax,
} from "./architecture.js";
import { gateGradients, type Mixture, mixtureOf } from "./mixture.js";
import { borrow, withTrainer } from "./network.js";
import type { SupernetPlan } from "./question.js";
import { type Gradients, gather, type SharedWeights } from "./weights.js";

/** What all steps of an epoch have in common. */
export interface Site {
  readonly plan: SupernetPlan;
  readonly choices: Choices;
  readonly builder: Builder;
  readonly engine: Engine;
  readonly shared: SharedWeights;
  /** Told what the engine holds, after each pass. */
  held(bytes: number): void;
}

/** Candidates taken together, by stage; those of a stage hand on one shape. */
export type Taken = readonly (readonly number[])[];

/** Coefficients filling a mixture's layer scales, by path. */
export function filled(mixture: Mixture, coefficients: Taken): ReadonlyMap<string, Float32Array> {
  const specs = weightSpecs(mixture.out);
  return new Map(
    mixture.gates.flatMap((paths, i) =>
      paths.map((path, k) => {
        const [channels] = specs.get(path)!.shape;
        return [path, new Float32Array(channels!).fill(coefficients[i]![k]!)] as const;
      }),
    ),
  );
}

/**
 * Forward and backward through a mixture.
 *
 * @param coefficients  of each stage's candidates; not read where one is taken alone
 * @param into          where gradients of shared weights are added; absent: they are not wanted
 * @returns             the loss, its gradient by each coefficient, and the logits
 */
export async function pass(
  site: Site,
  batch: Batch,
  taken: Taken,
  coefficients: Taken,
  into?: Gradients,
): Promise<{ readonly loss: number; readonly byCoefficient: Taken; readonly logits: Float32Array }> {
  const { choices, builder, shared, plan } = site;
  const mixture = mixtureOf(choices, builder, taken);
  const network = borrow(mixture.out, shared, plan.rule.sharing, filled(mixture, coefficients));
  return withTrainer(site.engine, network, (trainer) => {
    const { loss, gradients, logits } = trainer.gradients(batch);
    site.held(trainer.heapBytes());
    if (into !== undefined) gather(into, shared, network.slots, gradients);
    return { loss, byCoefficient: gateGradients(mixture, gradients), logits };
  });
}

/** A network drawn stage by stage. */
export const drawOne = (candidates: readonly (readonly number[])[], rng: Rng): Taken =>
  candidates.map((p) => [drawIndex(p, rng)]);

/**
 * Different candidates for each stage, drawn without replacement; the first decides the shape the
 * others must hand on, too, so a stage may get fewer.
 */
export function drawSeveral(
  { plan }: Site,
  candidates: readonly (readonly number[])[],
  most: number,
  rng: Rng,
): Taken {
  let at = 0;
  return candidates.map((p, i) => {
    const row = plan.latency.steps[i]![at]!;
    const taken = [drawIndex(p, rng)];
    const { next } = row[taken[0]!]!;
    while (taken.length < most) {
      const left = p.map((weight, c) => (row[c]!.next === next && !taken.includes(c) ? weight : 0));
      if (!left.some((weight) => weight > 0)) break;
      taken.push(drawIndex(left, rng));
    }
    at = next;
    return taken;
  });
}

const gumbel = (rng: Rng): number => -Math.log(-Math.log(1 - rng.float() * (1 - 2 ** -53) - 2 ** -54));

/** Each stage's logarithms of its candidates' probabilities. */
const logsOf = (distribution: Distribution, taken: Taken): Taken =>
  taken.map((numbers, i) => numbers.map((c) => Math.log(Math.max(distribution.candidates[i]![c]!, 1e-30))));

/** How a mixture's coefficients hang on the candidates' probabilities. */
export interface Mixed {
  readonly coefficients: Taken;
  /** From the gradient by a stage's coefficients, that by ln p of its candidates. */
  back(stage: number, byCoefficient: readonly number[]): readonly number[];
}

const throughSoftmax = (soft: readonly number[], by: readonly number[], scale: number): readonly number[] => {
  const mean = soft.reduce((sum, s, k) => sum + s * by[k]!, 0);
  return soft.map((s, k) => scale * s * (by[k]! - mean));
};

/**
 * Coefficients softmax((ln p + Gumbel noise) / temperature).
 *
 * Source: Jang et al. 2017, arXiv:1611.01144; Wu et al. 2019, FBNet, arXiv:1812.03443, eq. 8.
 */
export function gumbelMixed(distribution: Distribution, taken: Taken, temperature: number, rng: Rng): Mixed {
  const soft = logsOf(distribution, taken).map((logs) =>
    softmax(logs.map((log) => (log + gumbel(rng)) / temperature)),
  );
  return {
    coefficients: soft,
    back: (stage, by) => throughSoftmax(soft[stage]!, by, 1 / temperature),
  };
}

/**
 * The gradient of a held-out loss by the architecture parameters: through the coefficients for what
 * the candidates of a stage differ in; for its width, in which they agree, by the score function.
 *
 * @param advantage  the loss less its running mean
 */
export function addLossGradient(
  to: LogitGradient,
  { choices }: Pick<Site, "choices">,
  distribution: Distribution,
  {
    taken,
    mixed,
    byCoefficient,
    advantage,
    factor,
  }: {
    readonly taken: Taken;
    readonly mixed: Mixed;
    readonly byCoefficient: Taken;
    readonly advantage: number;
    readonly factor: number;
  },
): void {
  taken.forEach((numbers, i) => {
    const several = numbers.map((c) => choices.stages[i]![c]!);
    if (several.length > 1)
      mixed.back(i, byCoefficient[i]!).forEach((g, k) => {
        addLogGradient(to, distribution, several[k]!, factor * g);
      });
    const [first] = several;
    const agreed = first!.decisions.filter(({ name }) => several.length === 1 || name.endsWith(".width"));
    addLogGradient(to, distribution, { decisions: agreed }, factor * advantage);
  });
}

/** The network whose stages each take longest on the target, or least long: the ends of a sandwich. */
export function extreme({ plan, choices }: Pick<Site, "plan" | "choices">, isLargest: boolean): Taken {
  let at = 0;
  return choices.stages.map((_, i) => {
    const row = plan.latency.steps[i]![at]!;
    const times = row.map(({ ms }) => (isLargest ? ms : -ms));
    const taken = times.indexOf(Math.max(...times));
    at = row[taken]!.next;
    return [taken];
  });
}

/** Probabilities of the classes: what a teacher's logits are to its pupils. */
export function taught(logits: Float32Array, classes: number): Float32Array {
  const shares = new Float32Array(logits.length);
  for (let row = 0; row < logits.length; row += classes)
    shares.set(softmax([...logits.subarray(row, row + classes)]), row);
  return shares;
}
