import type { Moves } from "../../src/search/strategy.js";
import type { Trial } from "../../src/search/trial.js";

/** A scored trial as the tests need it; what they do not name is of no matter to them. */
export const scored = (given: Partial<Omit<Trial, "status">> & { readonly number: number }): Trial =>
  ({
    genome: `g${given.number}`,
    hash: "0123456789abcdef",
    rejected: 0,
    duplicateOf: null,
    askedEpochs: null,
    latencyMs: 1,
    latencyLowMs: 0.9,
    latencyHighMs: 1.1,
    latencyKind: "predicted",
    params: 10,
    macs: 100,
    peakActivationBytes: 1000,
    energyMj: 1,
    status: "scored",
    why: null,
    accuracy: 0.5,
    accuracyKind: "proxy",
    score: null,
    epochs: [],
    engine: "reference",
    seconds: 1,
    ...given,
  }) as Trial;

export const failed = (number: number): Trial =>
  ({
    ...scored({ number }),
    status: "failed",
    why: "diverged",
    accuracy: null,
    accuracyKind: null,
    score: null,
  }) as Trial;

export const rated = (number: number, score: number, given: Partial<Omit<Trial, "status">> = {}): Trial =>
  ({
    ...scored({ number, ...given }),
    status: "rated",
    accuracy: null,
    accuracyKind: null,
    score,
  }) as Trial;

const none = (): never => {
  throw new Error("this test has no moves");
};

/** Moves for what makes none. */
export const noMoves: Moves = {
  size: 0n,
  sample: none,
  mutate: none,
  crossover: none,
  neighbours: none,
  compose: none,
  decisions: none,
  fits: none,
};
