import type { Node } from "../../graph/node.js";
import { normEpsilon } from "../../graph/op.js";
import type { Role } from "../../graph/weights.js";
import type { Heap, Tensor } from "./heap.js";
import type { Address } from "./kernels.js";
import type { Value } from "./value.js";

/** How a run normalises: by the batch, noting its statistics; by the batch, leaving no trace; or by what was noted. */
export type Mode = "learn" | "look" | "infer";

/** Vectors by channel that an affine map is read and led back by; each [stride], zeros at first. */
export interface Vectors {
  readonly factor: Address;
  readonly shift: Address;
  /** What is taken from x where gradients times x are summed. */
  readonly mean: Address;
}

/** The affine map by channel at the end of a unit. */
export interface Affine {
  /** Hear of rows of the input, which lie at `at`. */
  wrote(at: Address, count: number): void;
  /** Write the map, when all rows are known. */
  map(to: Vectors): void;
  /**
   * Learn, and write [3, stride]: what times the output's gradient g, plus what times the input x, plus what is the
   * gradient of the input. `totals` [2, stride] float64: Σ g, Σ g · (x - mean).
   */
  lead(vectors: Vectors, totals: Address, slope: Address): void;
}

/** What an affine map works with. */
export interface AffineCall {
  readonly heap: Heap;
  readonly mode: Mode;
  readonly input: Value;
  weight(role: Role): Tensor;
  learned(role: Role): Address;
  /** Memory of zeros for `count` float32 that lasts as long as the run. */
  lasting(count: number): Address;
}

/** The affine map of a `norm`, of a `scale`, or of neither. */
export function affineOf(node: Node | undefined, call: AffineCall): Affine {
  if (node?.op.kind === "norm") return call.mode === "infer" ? noted(call) : batchNorm(call);
  return node?.op.kind === "scale" ? layerScale(call) : nothing(call);
}

/** Batch normalisation by the batch's own statistics. */
function batchNorm({ heap, mode, input, weight, learned, lasting }: AffineCall): Affine {
  const { kernels } = heap;
  const { rows, stride, shape } = input;
  const channels = shape[0];
  const sums = lasting(6 * stride);
  const [pivot, deviation, variance] = [lasting(stride), lasting(stride), lasting(stride)];
  let heard = 0;
  return {
    wrote(at, count) {
      if (heard === 0) kernels.copyColumns(at, 0, pivot, 0, 1, stride);
      heard += count;
      kernels.moments(at, pivot, sums, count, stride);
    },
    map({ factor, shift, mean }) {
      const [gamma, beta] = [weight("gamma").at, weight("beta").at];
      kernels.normaliseForward(
        sums,
        rows,
        pivot,
        gamma,
        beta,
        channels,
        stride,
        normEpsilon,
        factor,
        shift,
        mean,
        deviation,
        variance,
      );
      if (mode !== "learn") return;
      const [runningMean, runningVariance] = [weight("mean").at, weight("variance").at];
      kernels.updateRunning(mean, variance, rows, runningMean, runningVariance, channels);
    },
    lead({ mean }, totals, slope) {
      const gamma = weight("gamma").at;
      const [dGamma, dBeta] = [learned("gamma"), learned("beta")];
      kernels.normaliseGradient(totals, rows, gamma, mean, deviation, channels, stride, dGamma, dBeta, slope);
    },
  };
}

/** Batch normalisation by running statistics; it is not trained through. */
const noted = ({ heap, input, weight }: AffineCall): Affine => ({
  ...still,
  map({ factor, shift }) {
    const [gamma, beta] = [weight("gamma").at, weight("beta").at];
    const [mean, variance] = [weight("mean").at, weight("variance").at];
    const [channels] = input.shape;
    heap.kernels.normaliseInference(
      gamma,
      beta,
      mean,
      variance,
      channels,
      input.stride,
      normEpsilon,
      factor,
      shift,
    );
  },
});

/** One learned factor a channel. */
const layerScale = ({ heap, input, weight, learned }: AffineCall): Affine => {
  const [channels] = input.shape;
  const write = (to: Address) => heap.kernels.copyColumns(weight("factor").at, 0, to, 0, 1, channels);
  return {
    ...still,
    map: ({ factor }) => write(factor),
    lead(_, totals, slope) {
      write(slope);
      const sums = heap.doubles(totals + 8 * input.stride, channels);
      heap.floats(learned("factor"), channels).set(sums);
    },
  };
};

/** The map that changes nothing, which an activation alone stands behind. */
const nothing = ({ heap, input }: AffineCall): Affine => ({
  ...still,
  map({ factor }) {
    heap.floats(factor, input.stride).fill(1);
  },
});

const still = { wrote() {}, lead() {} };
