import type { OpOf, Shape } from "../../../graph/op.js";
import type { Operator } from "../operator.js";
import { zeros } from "../tensor.js";

/** Convolution: all its products, once for the output and once for both gradients. */
export const conv: Operator<"conv"> = (op, { inputs: [x], weights: { kernel, bias }, shape }) => {
  const y = zeros(x!.count, shape);
  eachProduct(op, x!.count, x!.shape, shape, (xAt, kernelAt, yAt) => {
    y.data[yAt]! += x!.data[xAt]! * kernel![kernelAt]!;
  });
  if (bias)
    y.data.forEach((_, i) => {
      y.data[i]! += bias[i % op.out]!;
    });
  return {
    value: y,
    back(dy) {
      const dx = zeros(x!.count, x!.shape);
      const dKernel = new Float64Array(kernel!.length);
      eachProduct(op, x!.count, x!.shape, shape, (xAt, kernelAt, yAt) => {
        dx.data[xAt]! += dy.data[yAt]! * kernel![kernelAt]!;
        dKernel[kernelAt]! += dy.data[yAt]! * x!.data[xAt]!;
      });
      if (!bias) return { inputs: [dx], weights: { kernel: dKernel } };
      const dBias = new Float64Array(op.out);
      dy.data.forEach((d, i) => {
        dBias[i % op.out]! += d;
      });
      return { inputs: [dx], weights: { kernel: dKernel, bias: dBias } };
    },
  };
};

/** Visit every product of a convolution by the places of its input, weight and output. */
function eachProduct(
  { kernel, stride, dilation, groups, out }: OpOf<"conv">,
  count: number,
  [c, h, w]: Shape,
  [, yHeight, yWidth]: Shape,
  visit: (xAt: number, kernelAt: number, yAt: number) => void,
): void {
  const pad = ((kernel - 1) / 2) * dilation;
  const cIn = c / groups;
  const cOut = out / groups;
  for (let n = 0; n < count; n++)
    for (let yRow = 0; yRow < yHeight; yRow++)
      for (let yColumn = 0; yColumn < yWidth; yColumn++)
        for (let i = 0; i < kernel; i++)
          for (let j = 0; j < kernel; j++) {
            const row = yRow * stride + i * dilation - pad;
            const column = yColumn * stride + j * dilation - pad;
            if (row < 0 || row >= h || column < 0 || column >= w) continue;
            const x = ((n * h + row) * w + column) * c;
            const y = ((n * yHeight + yRow) * yWidth + yColumn) * out;
            for (let o = 0; o < out; o++) {
              const group = Math.floor(o / cOut);
              for (let k = 0; k < cIn; k++)
                visit(x + group * cIn + k, ((i * kernel + j) * cIn + k) * out + o, y + o);
            }
          }
}
