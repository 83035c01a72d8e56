import { performance } from "node:perf_hooks";
import type { Rng } from "../base/rng.js";
import { trainingBatch, validationBatch } from "./augment.js";
import type { Dataset } from "./dataset.js";
import type { OptimiserOptions, Trainer } from "./engine.js";
import { learningRateAt } from "./schedule.js";

/** How much training a question asks for. */
export interface Fidelity {
  readonly epochs: number;
  /** Training images used: the first so many of the data set, all when it has fewer. */
  readonly images: number;
  /** Images a step; what is left over at the end of an epoch is not used in it. */
  readonly batch: number;
}

/** How every trial is trained. */
export const recipe = {
  /** At the top of the schedule, for a batch of 64; it grows in proportion with the batch. */
  learningRate: 0.05,
  /** Share of the steps. */
  warmUp: 0.15,
  optimiser: {
    momentum: 0.9,
    nesterov: true,
    weightDecay: 1e-4,
    labelSmoothing: 0.1,
  } satisfies OptimiserOptions,
};

/** What one pass over the training images came to. */
export interface Epoch {
  /** From 1. */
  readonly epoch: number;
  /** Mean smoothed cross-entropy of the epoch's steps, each before its update. */
  readonly loss: number;
  /** Of the same steps, on augmented images, 0..1. */
  readonly trainAccuracy: number;
  /** After the epoch, 0..1. */
  readonly validationAccuracy: number;
  /** Validation images it was measured on: all after the last epoch, the first 500 before. */
  readonly validated: number;
  /** Spent training, validation left out. */
  readonly seconds: number;
  /** Training images seen. */
  readonly images: number;
}

/** An epoch, or why there is no more of them: the last thing `fit` yields then. */
export type Progress =
  | ({ readonly status: "epoch" } & Epoch)
  | { readonly status: "failed"; readonly why: string };

/** What fitting needs of a trainer. */
export type Fitted = Pick<Trainer, "step" | "logits">;

/**
 * Train, and yield each epoch's result. Every order, crop and flip comes from
 * `rng`, so equal arguments give equal bits.
 *
 * Stops with `failed` as soon as a loss or a logit is not finite.
 */
export async function* fit(
  trainer: Fitted,
  dataset: Dataset,
  fidelity: Fidelity,
  rng: Rng,
  learningRate = recipe.learningRate,
): AsyncGenerator<Progress> {
  const available = Math.min(fidelity.images, dataset.train.labels.length);
  const batch = Math.min(fidelity.batch, available);
  const stepsPerEpoch = Math.floor(available / batch);
  const steps = stepsPerEpoch * fidelity.epochs;
  const positions = Array.from({ length: available }, (_, i) => i);
  const images = stepsPerEpoch * batch;
  const peak = (learningRate * batch) / 64;

  for (let epoch = 1; epoch <= fidelity.epochs; epoch++) {
    const started = performance.now();
    const order = rng.shuffle(positions);
    let loss = 0;
    let correct = 0;
    for (let i = 0; i < stepsPerEpoch; i++) {
      const rate = learningRateAt((epoch - 1) * stepsPerEpoch + i, steps, peak, recipe.warmUp);
      const result = trainer.step(trainingBatch(dataset, order.slice(i * batch, (i + 1) * batch), rng), rate);
      if (!Number.isFinite(result.loss)) {
        yield { status: "failed", why: `diverged: loss is ${result.loss} in epoch ${epoch}, step ${i + 1}` };
        return;
      }
      loss += result.loss;
      correct += result.correct;
    }
    const seconds = (performance.now() - started) / 1000;
    const all = dataset.validation.labels.length;
    const validated = epoch === fidelity.epochs ? all : Math.min(all, glance);
    const right = countRight(trainer, dataset, validated, batch);
    if (right === undefined) {
      yield { status: "failed", why: `diverged: logits are not finite after epoch ${epoch}` };
      return;
    }
    yield {
      status: "epoch",
      epoch,
      loss: loss / stepsPerEpoch,
      trainAccuracy: correct / images,
      validationAccuracy: right / validated,
      validated,
      seconds,
      images,
    };
  }
}

/** Validation images looked at between epochs, where only a curve is wanted. */
const glance = 500;

/** Of the first `total` validation images, those whose largest logit is their class's; undefined when a logit is not finite. */
function countRight(trainer: Fitted, dataset: Dataset, total: number, batch: number): number | undefined {
  let right = 0;
  for (let first = 0; first < total; first += batch) {
    const part = validationBatch(dataset, first, Math.min(batch, total - first));
    const logits = trainer.logits(part);
    if (!logits.every(Number.isFinite)) return undefined;
    for (let i = 0; i < part.count; i++) {
      const row = logits.subarray(i * dataset.classes, (i + 1) * dataset.classes);
      if (row.indexOf(Math.max(...row)) === part.labels[i]) right++;
    }
  }
  return right;
}
