import type { Shape } from "../../graph/op.js";
import { crossEntropy } from "../loss.js";
import type { ZeroCostProxy } from "../proxy.js";

/**
 * What the loss would feel if a channel were pruned, by its Fisher information: for each output channel of a
 * convolution g = Σ over positions of value · gradient, and ½ · mean of g² over the batch; each channel counted
 * once for every weight of it.
 *
 * paper  Theis et al. 2018, arXiv:1801.05787; Turner et al. 2020, BlockSwap, arXiv:1906.04113
 */
export const fisher: ZeroCostProxy = {
  summary: "Fisher information of channels",
  score: (out, { on, batch }) =>
    on(out, (trainer) => {
      let score = 0;
      trainer.watch(batch, {
        lead(logits) {
          const data = Float64Array.from(logits);
          const { gradient } = crossEntropy({ count: batch.count, shape: out.shape, data }, batch.labels, 0);
          return Float32Array.from(gradient.data);
        },
        led(node, value, gradient) {
          if (node.op.kind !== "conv") return;
          const { kernel, groups } = node.op;
          const weightsAChannel = (kernel ** 2 * node.inputs[0]!.channels) / groups;
          score += weightsAChannel * fisherOf(value(), gradient(), batch.count, node.shape);
        },
      });
      return score;
    }),
};

/**
 * Fisher information of the channels of one value, summed.
 *
 * @param value     [count, height, width, channels]
 * @param gradient  of the loss, likewise
 * @param shape     [channels, height, width]
 */
export function fisherOf(
  value: Float32Array,
  gradient: Float32Array,
  count: number,
  [channels, height, width]: Shape,
): number {
  let squares = 0;
  for (let n = 0; n < count; n++) {
    const sums = new Float64Array(channels);
    const first = n * height * width * channels;
    for (let i = 0; i < height * width; i++)
      for (let c = 0; c < channels; c++) {
        const at = first + i * channels + c;
        sums[c]! += value[at]! * gradient[at]!;
      }
    squares += sums.reduce((sum, g) => sum + g * g, 0);
  }
  return squares / count / 2;
}
