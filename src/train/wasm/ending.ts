import type { Activation } from "../../graph/op.js";
import { type AffineCall, affineOf } from "./affine.js";
import type { Heap, Tensor } from "./heap.js";
import type { Address } from "./kernels.js";
import { type Source, sourceOf, spotOf } from "./source.js";
import type { Unit } from "./units.js";
import type { Pending, Value } from "./value.js";

/** What stands behind a unit's anchor, in one run: applied on the way forth, passed by gradients on the way back. */
export interface Ending {
  /** Hear of rows that the anchor wrote at `at`. */
  wrote(at: Address, count: number): void;
  /** The unit's value, when the anchor wrote all rows. */
  value(): Value;
  /** Hear of rows of the value's gradient while they are in cache, and change them: of all of them, or of none. */
  gradientWrote(dy: Address, row: number, count: number): void;
  /** Learn, and read the gradient of what the anchor wrote from the value's. */
  gradient(dy: Tensor): Source;
}

/** Activations worth computing once and keeping; the others are left to each reader, which saves a tensor. */
const dear: ReadonlySet<Activation | "none"> = new Set<Activation>(["gelu", "silu", "sigmoid"]);

/** The ending of a unit whose anchor writes `call.input`. */
export function endingOf(unit: Unit, call: AffineCall): Ending {
  const { heap, input } = call;
  const { stored, rows, stride } = input;
  const direct = (dy: Tensor) => sourceOf(heap, { ...input, stored: dy });
  if (unit.affine === undefined && unit.act === undefined)
    return { wrote() {}, value: () => input, gradientWrote() {}, gradient: direct };

  const act: Pending["act"] = unit.act?.op.kind === "act" ? unit.act.op.fn : "none";
  const affine = affineOf(unit.affine, call);
  const x = stored.at;
  const vectors = {
    factor: call.lasting(stride),
    shift: call.lasting(stride),
    mean: call.lasting(stride),
  };
  const { factor, shift, mean } = vectors;
  const totals = call.lasting(6 * stride);
  let heard = 0;

  return {
    wrote: affine.wrote,

    value() {
      affine.map(vectors);
      const pending: Pending = { factor, shift, act };
      return dear.has(act) ? settled(heap, input, pending) : { ...input, pending };
    },

    gradientWrote(dy, row, count) {
      heard += count;
      const at = x + 4 * stride * row;
      heap.activated[act].chainRows(dy, at, factor, shift, mean, totals, count, stride);
    },

    gradient(dyTensor) {
      const dy = dyTensor.at;
      if (heard === 0) this.gradientWrote(dy, 0, rows);
      if (unit.affine === undefined) return direct(dyTensor);
      const slope = call.lasting(3 * stride);
      affine.lead(vectors, totals, slope);
      const { kernels } = heap;
      return {
        rows(most, take) {
          const block = take(most * stride);
          return (row, count) => {
            const past = 4 * stride * row;
            kernels.settleRows(dy + past, x + past, slope, block, count, stride);
            return block;
          };
        },
        deal(row, height, width, room) {
          const { at, size, origin, pitch, vectors } = room;
          const past = 4 * stride * row;
          const [g, from, spot] = [dy + past, x + past, spotOf(room)];
          kernels.settlePlanes(g, from, slope, height, width, stride, at, size, origin, pitch, spot, vectors);
        },
      };
    },
  };
}

/** What is pending applied to a value, in a tensor of its own. */
function settled(heap: Heap, value: Value, { factor, shift, act }: Pending): Value {
  const stored = heap.tensor(value.stored.shape);
  const [from, to] = [value.stored.at, stored.at];
  heap.activated[act].affineRows(from, factor, shift, to, value.rows, value.stride);
  return { ...value, stored };
}
