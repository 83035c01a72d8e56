import type { Tensor } from "@tensorflow/tfjs-core";
import { type AffineCall, affineOf, summedRows } from "./affine.js";
import type { Take } from "./heap.js";
import type { Address } from "./kernels.js";
import type { Unit } from "./units.js";
import { actCode, eachBlock, type Rows, type Value } from "./value.js";

/** What stands behind a unit's anchor, in one run: readers apply it on the way forth, gradients pass it on the way back. */
export interface Ending {
  /** Hear of rows that the anchor wrote at `at`. */
  wrote(at: Address, count: number): void;
  /** The value with what is left to its readers, when the anchor wrote all rows. */
  value(): Value;
  /** Hear of rows of the value's gradient while they are in cache: of all of them, or of none. */
  gradientWrote(dy: Address, row: number, count: number): void;
  /** Learn, and read the gradient of what the anchor wrote from the value's. */
  gradient(dy: Tensor): (most: number, take: Take) => Rows;
}

/** The ending of a unit whose anchor writes `call.input`. */
export function endingOf(unit: Unit, call: AffineCall): Ending {
  const { heap, input, mode } = call;
  const { stored, rows, stride } = input;
  if (unit.affine === undefined && unit.act === undefined)
    return {
      wrote() {},
      value: () => input,
      gradientWrote() {},
      gradient: (dy) => () => (row) => heap.address(dy) + 4 * stride * row,
    };

  const { kernels } = heap;
  const act = unit.act?.op.kind === "act" ? unit.act.op.fn : "none";
  const code = actCode[act];
  const affine = affineOf(unit.affine, call);
  const x = heap.address(stored);
  const vectors = {
    factor: call.lasting(stride),
    shift: call.lasting(stride),
    mean: call.lasting(stride),
  };
  const { factor, shift, mean } = vectors;
  const totals = unit.affine === undefined || mode === "infer" ? undefined : call.lasting(4 * stride);
  let heard = 0;

  return {
    wrote: affine.wrote,

    value() {
      affine.map(vectors);
      return { ...input, pending: { factor, shift, act } };
    },

    gradientWrote(dy, row, count) {
      heard += count;
      if (totals === undefined) return;
      eachBlock(
        count,
        (from, some) => {
          const past = 4 * stride * from;
          const at = x + 4 * stride * row + past;
          kernels.gradientSums(code, dy + past, at, factor, shift, mean, totals, some, stride);
        },
        summedRows,
      );
    },

    gradient(dyTensor) {
      const dy = heap.address(dyTensor);
      if (heard === 0) this.gradientWrote(dy, 0, rows);
      const slope = call.lasting(3 * stride);
      affine.lead(vectors, totals ?? 0, slope);
      return (most, take) => {
        const block = take(most * stride);
        return (row, count) => {
          const past = 4 * stride * row;
          kernels.settleRows(code, dy + past, x + past, factor, shift, slope, block, count, stride);
          return block;
        };
      };
    },
  };
}
