import type { OpOf } from "../../../graph/op.js";
import type { Border } from "./planes.js";

/**
 * Inputs along one side of a map that meet the same taps of a convolution: with p = stride·q + r - pad, input p meets tap k
 * where k·dilation ≡ r (mod stride), in output q - (k·dilation - r) / stride.
 */
export interface Phase {
  /** The first input, how many there are, each `stride` after the other, and q of the first. */
  readonly first: number;
  readonly count: number;
  readonly q: number;
  /** Each tap, and how many outputs before q it meets the input. */
  readonly taps: readonly { readonly tap: number; readonly back: number }[];
}

/** The phases of a side of `length` inputs. */
export function phasesOf({ kernel, dilation, stride }: OpOf<"conv">, length: number): readonly Phase[] {
  const pad = ((kernel - 1) / 2) * dilation;
  return Array.from({ length: stride }, (_, r) => {
    const first = (((r - pad) % stride) + stride) % stride;
    return {
      first,
      count: Math.max(0, Math.ceil((length - first) / stride)),
      q: (first + pad - r) / stride,
      taps: Array.from({ length: kernel }, (_, tap) => ({ tap, back: (tap * dilation - r) / stride })).filter(
        ({ back }) => Number.isInteger(back),
      ),
    };
  });
}

/** How far phases reach beyond the outputs there are, of which there are `outputs`. */
export function reachOf(phases: readonly Phase[], outputs: number): Border {
  const met = phases.flatMap(({ q, count, taps }) =>
    taps.flatMap(({ back }) => [q - back, q + Math.max(0, count - 1) - back]),
  );
  return { before: Math.max(0, -Math.min(...met)), after: Math.max(0, Math.max(...met) - outputs + 1) };
}
