import type { Form } from "../../space/build.js";
import type { Space } from "../../space/space.js";
import type { Fidelity } from "../../train/fit.js";
import type { Logits } from "./architecture.js";
import type { LatencyLoss } from "./latencyLoss.js";
import type { Sharing } from "./sharing.js";
import type { StageLatency } from "./stageLatency.js";

/**
 * Which networks a supernet's step trains.
 *
 * - `uniform`    one network, every decision drawn evenly
 * - `gumbel`     several candidates a stage, summed with Gumbel-softmax coefficients
 * - `binary`     one network drawn by the architecture parameters; they learn from two candidates a stage,
 *                of which one is let through and then the other
 * - `threshold`  the largest kernels, of which norms and thresholds switch parts off
 * - `sandwich`   the largest network, the smallest and two drawn evenly, taught by the largest
 */
export type Paths = "uniform" | "gumbel" | "binary" | "threshold" | "sandwich";

/** How a strategy trains its supernet. */
export interface Rule {
  readonly paths: Paths;
  readonly sharing: Sharing;
  readonly epochs: number;
  /** Epochs in which architecture parameters stay as they are. */
  readonly warmUp: number;
  readonly loss: LatencyLoss;
  /** Of Adam, for architecture parameters. */
  readonly rate: number;
  /** Candidates a stage in a mixture. */
  readonly branches: number;
}

/** How networks are found once the supernet is trained. */
export type Derivation =
  /** The likeliest network within the limit, then draws by the architecture parameters: so many in all, by shared loss. */
  | { readonly by: "likeliest"; readonly compared: number }
  /** Evolution over shared losses. */
  | { readonly by: "evolution"; readonly population: number; readonly generations: number };

/** What a strategy trains before its first question, and what it derives from it. */
export interface SupernetSpec {
  readonly rule: Rule;
  readonly derivation: Derivation;
  /** Networks drawn evenly besides, to see whether the supernet ranks them. */
  readonly trust: number;
}

/** Everything the training of a supernet depends on; plain JSON. */
export interface SupernetPlan {
  readonly space: Space;
  /** The form that is trained. */
  readonly proxy: Form;
  readonly fidelity: Pick<Fidelity, "images" | "batch">;
  readonly engine: string;
  readonly seed: number;
  readonly rule: Rule;
  readonly latency: StageLatency;
  readonly limitMs: number;
}

/** A question about a supernet, whole in itself but for the checkpoints in a folder. */
export type SupernetQuestion =
  | {
      readonly kind: "epoch";
      readonly plan: SupernetPlan;
      readonly folder: string;
      /** From 0. */
      readonly epoch: number;
      /** The checkpoint to go on from; null at the beginning. */
      readonly from: string | null;
    }
  | {
      readonly kind: "score";
      readonly plan: SupernetPlan;
      readonly folder: string;
      readonly checkpoint: string;
      readonly genome: string;
    };

/**
 * A sign of collapse: candidates without weights have most of the probability, decisions settled in the
 * first half of the epochs, or the network derived does much worse than the supernet's steps.
 */
export type Sign = "free" | "settled" | "gap";

/** What guards saw at the end of an epoch, and what they did. */
export interface Guarded {
  /** Probability of candidates without weights, mean over the stages that have any; null where none has. */
  readonly freeShare: number | null;
  /** Of decisions, 0 (settled) .. 1 (even), mean. */
  readonly entropy: number;
  /** `shared` accuracy of the supernet as it is trained, on held-out images. */
  readonly accuracy: number;
  /** That of the network it would derive now, on the same images; null where none is within the limit. */
  readonly derivedAccuracy: number | null;
  /** None in the epochs of warm-up. */
  readonly signs: readonly Sign[];
  /** Whether the architecture parameters rest in the next epoch. */
  readonly rests: boolean;
  /** Probability that candidates without weights are left out of a step on weights, from now on. */
  readonly dropout: number;
}

/** What an epoch came to. */
export interface EpochAnswer {
  readonly kind: "epoch";
  readonly epoch: number;
  /** Content hash of weights, velocities and architecture parameters after it. */
  readonly checkpoint: string;
  /** Mean over the steps on weights, each before its update. */
  readonly loss: number;
  readonly logits: Logits;
  /** Of networks drawn by the architecture parameters. */
  readonly expectedMs: number;
  /** Weight of latency, as the controller left it. */
  readonly latencyWeight: number;
  readonly guarded: Guarded | null;
  /** Bytes the engine held at most. */
  readonly heapBytes: number;
  readonly seconds: number;
}

/** How well a network does with the supernet's weights. */
export interface ScoreAnswer {
  readonly kind: "score";
  readonly genome: string;
  /** On held-out images, 0..1: `shared`, never to be compared with `proxy`. */
  readonly accuracy: number;
  /** Mean cross-entropy of the same images, by which networks are ranked: of few images it tells more than accuracy does. */
  readonly loss: number;
  readonly seconds: number;
}

export type SupernetAnswer = EpochAnswer | ScoreAnswer | { readonly kind: "failed"; readonly why: string };
