import type { Shape } from "../../graph/op.js";
import { sizeOf } from "../../graph/weights.js";
import type { Heap, Take, Tensor } from "./heap.js";
import type { Address } from "./kernels.js";
import { padded, rowsOf, type Value } from "./value.js";

/**
 * Numbers of a batch, [count, height, width, channels], as a tensor with padded channels, zeros there.
 *
 * @throws Error  when there are not as many numbers as the shape says
 */
export function writeRows(heap: Heap, numbers: Float32Array, count: number, shape: Shape): Tensor {
  const [channels, height, width] = shape;
  if (numbers.length !== count * sizeOf(shape))
    throw new Error(`a batch of ${count} of shape [${shape.join(", ")}] has ${numbers.length} numbers`);
  const rows = count * height * width;
  const stride = padded(channels);
  const tensor = heap.tensor([count, height, width, stride]);
  const to = tensor.at;
  heap.scratch((take) => {
    const from = take(numbers.length);
    heap.floats(from, numbers.length).set(numbers);
    heap.kernels.copyColumns(from, 4 * channels, to, 4 * stride, rows, channels);
    heap.kernels.clearColumns(to + 4 * channels, 4 * stride, rows, stride - channels);
  });
  return tensor;
}

/** All numbers of a value, [batch, height, width, channels], with nothing left to do. */
export const readRows = (heap: Heap, value: Value): Float32Array =>
  heap.scratch((take) => tight(heap, value, rowsOf(heap, value, value.rows, take)(0, value.rows), take));

/** Numbers that lie at `from` as a value's rows do, without the padding. */
export function tight(
  heap: Heap,
  { shape: [channels], rows, stride }: Value,
  from: Address,
  take: Take,
): Float32Array {
  const to = take(rows * channels);
  heap.kernels.copyColumns(from, 4 * stride, to, 4 * channels, rows, channels);
  return heap.floats(to, rows * channels).slice();
}
