import type { Address } from "../kernels.js";
import type { Backward, Forward } from "../operator.js";
import { padded } from "../value.js";
import { zeros } from "./kernelMatrix.js";

/** Adds the bias of a convolution, where it has one, to rows of its output. */
export function biasOf(
  op: { readonly bias: boolean },
  call: Forward,
): (rows: Address, count: number) => void {
  if (!op.bias) return () => {};
  const { heap, shape } = call;
  const width = padded(shape[0]);
  const bias = zeros(call, width);
  heap.kernels.copyColumns(call.weight("bias").at, 0, bias, 0, 1, shape[0]);
  return (rows, count) => heap.kernels.addToRows(bias, rows, count, width);
}

/** Sums rows of the output's gradient for the gradient of the bias, which `finish` writes. */
export function biasGradient(op: { readonly bias: boolean }, call: Backward) {
  if (!op.bias) return { add() {}, finish() {} };
  const { heap, shape } = call;
  const width = padded(shape[0]);
  const sums = zeros(call, width);
  return {
    add: (rows: Address, count: number) => heap.kernels.sumRows(rows, sums, count, width),
    finish: () => heap.kernels.copyColumns(sums, 0, call.learned("bias"), 0, 1, shape[0]),
  };
}
