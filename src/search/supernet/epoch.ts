import { lookup } from "../../base/lookup.js";
import { stream } from "../../base/rng.js";
import { build, builderOf } from "../../space/build.js";
import type { Genome } from "../../space/space.js";
import { trainingBatch } from "../../train/augment.js";
import type { Dataset } from "../../train/dataset.js";
import type { Batch, Engine } from "../../train/engine.js";
import * as engines from "../../train/engines/index.js";
import { recipe } from "../../train/fit.js";
import { learningRateAt } from "../../train/schedule.js";
import {
  choicesOf,
  type Distribution,
  distributionOf,
  genomeOf,
  type LogitGradient,
  type Logits,
  zeroGradient,
} from "./architecture.js";
import type { Checkpoint, Learner } from "./checkpoint.js";
import { dealer } from "./deal.js";
import { likeliest } from "./derive.js";
import { guard } from "./guards.js";
import { latencyLosses, steered } from "./latencyLoss.js";
import { stepped } from "./learner.js";
import { mixtureOf } from "./mixture.js";
import { addPairGradient, drawPairs, pairLosses } from "./pairs.js";
import type { EpochAnswer, SupernetPlan } from "./question.js";
import { scoreOf } from "./score.js";
import { splitsOf } from "./splits.js";
import { addLatencyGradient, expectedMs } from "./stageLatency.js";
import {
  addLossGradient,
  drawOne,
  drawSeveral,
  extreme,
  filled,
  gumbelMixed,
  type Mixed,
  pass,
  type Site,
  taught,
} from "./steps.js";
import { logitsOf, throughThresholds } from "./threshold.js";
import {
  drawnSuperkernels,
  readMargins,
  type Superkernels,
  superkernelDistribution,
  superkernelStep,
  superkernelsOf,
} from "./thresholdSteps.js";
import { descend, type Gradients } from "./weights.js";
import { withinLimit } from "./withinLimit.js";

/** Temperature of Gumbel-softmax in the first epoch and in the last. */
const temperatures = [5, 0.1] as const;
/** Steps on weights for each one on architecture parameters. */
const weightSteps = 2;
/** Of the usual learning rate, where four networks' gradients are added up (Yu et al. 2020, BigNAS, arXiv:2003.11142). */
const sandwichRate = 0.3;
/**
 * Times the rate that a network alone is trained with, as a supernet's weight has a part in few of the steps. Measured
 * on bench/supernet with `spos`: docs/supernet.md.
 */
const supernetRate = 4;
/** How much of the mean of held-out losses stays at each step. */
const staying = 0.9;
/** Held-out images the gap is measured on. */
const gapImages = 200;

const temperatureAt = (epoch: number, epochs: number): number =>
  temperatures[0] * (temperatures[1] / temperatures[0]) ** (epochs > 1 ? epoch / (epochs - 1) : 1);

/** The loss of a step on architecture parameters, and how its gradient joins that of the latency. */
interface Held {
  readonly loss: number;
  /**
   * @param to         by logits
   * @param factor     derivative of what is descended by the loss
   * @param advantage  the loss less its running mean
   */
  add(to: LogitGradient, factor: number, advantage: number): void;
}

/** A loss that is no number. */
export class Diverged extends Error {}

/**
 * Train a supernet for one epoch: weights on their share of the images, and, where the rule has any,
 * architecture parameters on the held-out ones. The checkpoint's weights are changed.
 *
 * Every draw is from a stream of the epoch's, so the result depends on the checkpoint and the plan alone.
 *
 * @throws Diverged  when a loss is not finite
 */
export async function trainEpoch(
  plan: SupernetPlan,
  dataset: Dataset,
  { weights, learner: before }: Checkpoint,
  withinMemory: (bytes: number) => void,
): Promise<{ readonly learner: Learner } & Omit<EpochAnswer, "kind" | "checkpoint" | "seconds" | "epoch">> {
  const { rule, seed, fidelity, latency, limitMs } = plan;
  const { epoch } = before;
  const choices = choicesOf(plan.space);
  const splits = splitsOf(dataset, fidelity.images);
  const learns = rule.paths !== "uniform" && rule.paths !== "sandwich";
  const temperature = temperatureAt(epoch, rule.epochs);
  const rng = stream(seed, "supernet", "epoch", epoch);
  let heapBytes = 0;
  const site: Site = {
    plan,
    choices,
    builder: builderOf(plan.space, plan.proxy),
    engine: lookup<Engine>(engines, plan.engine, "engine"),
    shared: weights,
    held(bytes) {
      heapBytes = Math.max(heapBytes, bytes);
      withinMemory(bytes);
    },
  };
  let learner = before;
  const kernels = rule.paths === "threshold" ? superkernelsOf(site) : undefined;
  const logits = (): Logits =>
    kernels === undefined ? learner.logits : logitsOf(learner.logits, readMargins(kernels, learner.logits));
  const now = (): Distribution => distributionOf(choices, logits());
  const finite = (loss: number): number => {
    if (!Number.isFinite(loss)) throw new Diverged(`diverged: loss is ${loss} in supernet epoch ${epoch}`);
    return loss;
  };

  /** Candidates' probabilities with those without weights left out, as the guards want it. */
  const thinned = ({ candidates }: Distribution, { stages } = choices) =>
    candidates.map((p, i) => {
      const free = stages[i]!.map(({ isFree }) => isFree);
      const drop = learner.dropout > 0 && !free.every(Boolean) && rng.float() < learner.dropout;
      return drop ? p.map((weight, c) => (free[c] ? 0 : weight)) : p;
    });

  const dealt = dealer(choices, rng);
  const none: Mixed = { coefficients: choices.stages.map(() => [1]), back: () => [] };
  /** Largest, smallest and two networks dealt in one step, the largest teaching the others. */
  const sandwichStep = async (batch: Batch, rate: number): Promise<number> => {
    const into: Gradients = new Map();
    const { coefficients } = none;
    const { loss, logits } = await pass(site, batch, extreme(site, true), coefficients, into);
    const pupil = { ...batch, targets: taught(logits, plan.proxy.classes) };
    const others = [extreme(site, false), dealt(), dealt()];
    for (const taken of others) await pass(site, pupil, taken, coefficients, into);
    descend(weights, into, rate * sandwichRate, recipe.optimiser);
    return finite(loss);
  };

  const weightStep = async (batch: Batch, rate: number): Promise<number> => {
    if (rule.paths === "sandwich") return sandwichStep(batch, rate);
    const into: Gradients = new Map();
    const loss = await (kernels !== undefined && epoch >= rule.warmUp
      ? thresholdStep(kernels, batch, into)
      : pathStep(batch, into));
    descend(weights, into, rate, recipe.optimiser);
    return finite(loss);
  };

  const pathStep = async (batch: Batch, into: Gradients): Promise<number> => {
    if (rule.paths === "gumbel") {
      const distribution = now();
      const taken = drawSeveral(site, thinned(distribution), rule.branches, rng);
      const { coefficients } = gumbelMixed(distribution, taken, temperature, rng);
      return (await pass(site, batch, taken, coefficients, into)).loss;
    }
    const taken = rule.paths === "binary" ? drawOne(thinned(now()), rng) : dealt();
    return (await pass(site, batch, taken, none.coefficients, into)).loss;
  };

  const thresholdStep = (superkernels: Superkernels, batch: Batch, into: Gradients): Promise<number> => {
    const distribution = superkernelDistribution(superkernels, learner.logits);
    const taken = drawOne(thinned(distribution, superkernels.site.choices), rng);
    return superkernelStep(superkernels, learner.logits, taken, batch, into, rng);
  };

  const mixedStep = async (batch: Batch, distribution: Distribution): Promise<Held> => {
    const taken = drawSeveral(site, distribution.candidates, rule.branches, rng);
    const mixed = gumbelMixed(distribution, taken, temperature, rng);
    const { loss, byCoefficient } = await pass(site, batch, taken, mixed.coefficients);
    return {
      loss,
      add(to, factor, advantage) {
        addLossGradient(to, site, distribution, { taken, mixed, byCoefficient, factor, advantage });
      },
    };
  };

  const pairStep = async (batch: Batch, distribution: Distribution): Promise<Held> => {
    const pairs = drawPairs(distribution, rng);
    const losses = await pairLosses(site, batch, pairs);
    return {
      loss: losses.first,
      add(to, factor) {
        addPairGradient(to, choices, distribution, pairs, losses, factor);
      },
    };
  };

  /** Mean latency with some architecture parameters, and its gradient by them. */
  const expectedBy = (parameters: Logits): { readonly ms: number; readonly gradient: LogitGradient } => {
    const margins = kernels === undefined ? [] : readMargins(kernels, parameters);
    const distribution = distributionOf(choices, logitsOf(parameters, margins));
    const { ms, gradient: byProbability } = expectedMs(latency, distribution.candidates);
    const gradient = zeroGradient(choices);
    addLatencyGradient(gradient, choices, distribution, byProbability, 1);
    for (const one of margins) throughThresholds(gradient, one);
    return { ms, gradient };
  };

  const architectureStep = async (batch: Batch): Promise<void> => {
    const distribution = now();
    const { loss, add } = await (rule.paths === "gumbel" ? mixedStep : pairStep)(batch, distribution);
    finite(loss);
    const expected = expectedMs(latency, distribution.candidates);
    const traded = latencyLosses[rule.loss](loss, expected.ms, limitMs, learner.latencyWeight);
    const gradient = zeroGradient(choices);
    const baseline = learner.baseline ?? loss;
    addLatencyGradient(gradient, choices, distribution, expected.gradient, traded.byMs);
    add(gradient, traded.byLoss, loss - baseline);
    if (kernels !== undefined)
      for (const one of readMargins(kernels, learner.logits)) throughThresholds(gradient, one);
    const after = stepped(learner, gradient, rule.rate);
    learner = {
      ...after,
      logits: withinLimit(after.logits, limitMs, rule.rate, expectedBy),
      baseline: staying * baseline + (1 - staying) * loss,
      latencyWeight: steered(learner.latencyWeight, expectedBy(after.logits).ms, limitMs),
    };
  };

  const { batch } = fidelity;
  const order = rng.shuffle(splits.weights);
  const heldOrder = rng.shuffle(splits.architecture);
  const steps = Math.floor(order.length / batch);
  const peak = (supernetRate * recipe.learningRate * batch) / 64;
  let loss = 0;
  let heldAt = 0;
  for (let i = 0; i < steps; i++) {
    const rate = learningRateAt(epoch * steps + i, rule.epochs * steps, peak, recipe.warmUp);
    loss += await weightStep(trainingBatch(dataset, order.slice(i * batch, (i + 1) * batch), rng), rate);
    if (!learns || epoch < rule.warmUp || learner.rest > 0 || i % weightSteps > 0) continue;
    const held = Array.from({ length: batch }, () => heldOrder[heldAt++ % heldOrder.length]!);
    await architectureStep(trainingBatch(dataset, held, rng));
  }

  const distribution = now();
  learner = { ...learner, epoch: epoch + 1 };
  let guarded = null;
  if (learns) {
    const scored = { ...site, splits };
    const scoredAs = async (genome: Genome): Promise<number> =>
      (await scoreOf(scored, build(plan.space, genome, plan.proxy), new Map(), gapImages)).accuracy;
    const mixedAccuracy = async (): Promise<number> => {
      const branches = rule.paths === "gumbel" ? rule.branches : 1;
      const taken = drawSeveral(site, distribution.candidates, branches, rng);
      const mixture = mixtureOf(choices, site.builder, taken);
      const { coefficients } = gumbelMixed(distribution, taken, temperature, rng);
      return (await scoreOf(scored, mixture.out, filled(mixture, coefficients), gapImages)).accuracy;
    };
    const accuracy =
      kernels === undefined
        ? await mixedAccuracy()
        : await scoredAs(drawnSuperkernels(kernels, learner.logits, rng));
    const derived = likeliest(latency, distribution, limitMs);
    const derivedAccuracy = derived === undefined ? null : await scoredAs(genomeOf(choices, derived));
    ({ guarded, learner } = guard(choices, distribution, learner, { accuracy, derivedAccuracy }, rule));
  }
  return {
    learner,
    loss: loss / steps,
    logits: logits(),
    expectedMs: expectedMs(latency, distribution.candidates).ms,
    latencyWeight: learner.latencyWeight,
    guarded,
    heapBytes,
  };
}
