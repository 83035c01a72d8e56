import type { Operator } from "../operator.js";
import { rowsOf } from "../value.js";

/** MobileViG's max-relative features, one image at a time. */
export const maxRelative: Operator<"maxRelative"> = {
  forward({ step }, { heap, take, batch, inputs, out }) {
    const { rows, stride, shape } = inputs[0]!;
    const size = rows / batch;
    const read = rowsOf(heap, inputs[0]!, size, take);
    for (let image = 0; image < batch; image++) {
      const y = out.at + 4 * stride * size * image;
      heap.kernels.maxRelative(read(size * image, size), y, shape[1], shape[2], stride, step);
      out.done(size * image, size);
    }
  },

  backward({ step }, call) {
    const { heap, take, batch } = call;
    const { rows, stride, shape } = call.inputs[0]!;
    const size = rows / batch;
    const read = rowsOf(heap, call.inputs[0]!, size, take);
    const gradients = call.gradientRows(size);
    const dx = call.into(0);
    if (dx === undefined) return;
    for (let image = 0; image < batch; image++) {
      const to = dx.at + 4 * stride * size * image;
      heap.clear(to, size * stride);
      const x = read(size * image, size);
      const dy = gradients(size * image, size);
      heap.kernels.maxRelativeGradient(dy, x, to, shape[1], shape[2], stride, step);
      dx.done(size * image, size);
    }
  },
};
