import type { Operator } from "../operator.js";
import { rowsOf } from "../value.js";

/** The mean over all positions. */
export const globalPool: Operator<"globalPool"> = {
  forward(_, { heap, take, batch, inputs, out }) {
    const { rows, stride } = inputs[0]!;
    const size = rows / batch;
    const read = rowsOf(heap, inputs[0]!, size, take);
    heap.clear(out.at, batch * stride);
    for (let image = 0; image < batch; image++)
      heap.kernels.sumRows(read(size * image, size), out.at + 4 * stride * image, size, stride);
    heap.kernels.scaleBy(1 / size, out.at, batch * stride);
    out.done(0, batch);
  },

  backward(_, call) {
    const { kernels } = call.heap;
    const { rows, stride } = call.inputs[0]!;
    const size = rows / call.batch;
    const gradients = call.gradientRows(1);
    const dx = call.into(0);
    if (dx === undefined) return;
    const share = call.take(stride);
    for (let image = 0; image < call.batch; image++) {
      kernels.copyColumns(gradients(image, 1), 0, share, 0, 1, stride);
      kernels.scaleBy(1 / size, share, stride);
      kernels.spread(share, dx.at + 4 * stride * size * image, size, stride);
      dx.done(size * image, size);
    }
  },
};

/** The mean over windows without padding, one image at a time. */
export const avgPool: Operator<"avgPool"> = {
  forward({ kernel, stride: step }, { heap, take, batch, inputs, shape, out }) {
    const { rows, stride, shape: from } = inputs[0]!;
    const size = rows / batch;
    const [, height, width] = shape;
    const read = rowsOf(heap, inputs[0]!, size, take);
    for (let image = 0; image < batch; image++) {
      const x = read(size * image, size);
      const y = out.at + 4 * stride * height * width * image;
      heap.kernels.averageWindows(x, from[2], stride, kernel, step, height, width, y);
      out.done(height * width * image, height * width);
    }
  },

  backward({ kernel, stride: step }, call) {
    const { heap, batch } = call;
    const { rows, stride, shape: from } = call.inputs[0]!;
    const size = rows / batch;
    const [, height, width] = call.shape;
    const gradients = call.gradientRows(height * width);
    const dx = call.into(0);
    if (dx === undefined) return;
    for (let image = 0; image < batch; image++) {
      const dy = gradients(height * width * image, height * width);
      const to = dx.at + 4 * stride * size * image;
      heap.clear(to, size * stride);
      heap.kernels.averageWindowsGradient(dy, from[2], stride, kernel, step, height, width, to);
      dx.done(size * image, size);
    }
  },
};
