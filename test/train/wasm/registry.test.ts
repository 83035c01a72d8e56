import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, test } from "node:test";
import * as tfjs from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { geometryOf } from "../../../src/train/wasm/registry/geometry.js";
import { registerTrainingKernels } from "../../../src/train/wasm/registry.js";
import { randoms, relativeError } from "./helpers.js";

const small = (most: number) => fc.integer({ min: 1, max: most });
const convolutions = fc
  .record({
    batch: small(3),
    height: small(9),
    width: small(9),
    channels: small(9),
    out: small(9),
    multiplier: small(3),
    high: small(5),
    wide: small(5),
    stride: small(3),
    dilation: small(3),
    pad: fc.constantFrom("same" as const, "valid" as const),
    depthwise: fc.boolean(),
  })
  .filter(
    ({ pad, height, width, high, wide, dilation }) =>
      pad === "same" || (height > (high - 1) * dilation && width > (wide - 1) * dilation),
  );

/** Visits every product of a convolution: places in x, filter and y. */
function eachProduct(
  x: readonly number[],
  filter: readonly number[],
  attrs: { strides: number; pad: "same" | "valid"; dilations: number },
  depthwise: boolean,
  visit: (x: number, filter: number, y: number) => void,
): number[] {
  const g = geometryOf(x, filter, attrs, depthwise);
  const multiplier = g.outChannels / g.channels;
  for (let b = 0; b < g.batch; b++)
    for (let oy = 0; oy < g.outHeight; oy++)
      for (let ox = 0; ox < g.outWidth; ox++)
        for (let ky = 0; ky < g.high; ky++)
          for (let kx = 0; kx < g.wide; kx++) {
            const iy = oy * g.down + ky * g.dilationDown - g.top;
            const ix = ox * g.right + kx * g.dilationRight - g.left;
            if (iy < 0 || ix < 0 || iy >= g.height || ix >= g.width) continue;
            for (let o = 0; o < g.outChannels; o++)
              for (let c = 0; c < g.channels; c++) {
                if (depthwise && Math.floor(o / multiplier) !== c) continue;
                const tap = (ky * g.wide + kx) * g.channels + c;
                visit(
                  ((b * g.height + iy) * g.width + ix) * g.channels + c,
                  depthwise ? tap * multiplier + (o % multiplier) : tap * g.outChannels + o,
                  ((b * g.outHeight + oy) * g.outWidth + ox) * g.outChannels + o,
                );
              }
          }
  return [g.batch, g.outHeight, g.outWidth, g.outChannels];
}

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b);

test("tfjs' kernels for the gradients of convolutions give what the definition gives", async () => {
  await registerTrainingKernels();
  await fc.assert(
    fc.asyncProperty(convolutions, async ({ batch, height, width, channels, out, multiplier, ...rest }) => {
      const { high, wide, stride, dilation, pad, depthwise } = rest;
      const xShape = [batch, height, width, channels];
      const filterShape = [high, wide, channels, depthwise ? multiplier : out];
      const attrs = { strides: stride, pad, dilations: dilation };
      const yShape = eachProduct(xShape, filterShape, attrs, depthwise, () => {});
      const [x, filter, dy] = [xShape, filterShape, yShape].map((shape, i) => randoms(sizeOf(shape), i));
      const [dx, dFilter] = [new Float64Array(x!.length), new Float64Array(filter!.length)];
      eachProduct(xShape, filterShape, attrs, depthwise, (i, f, o) => {
        dx[i]! += dy![o]! * filter![f]!;
        dFilter[f]! += dy![o]! * x![i]!;
      });
      const found = tfjs.tidy(() => {
        const name = depthwise ? "DepthwiseConv2dNativeBackprop" : "Conv2DBackprop";
        const [xs, fs, dys] = [
          tfjs.tensor(x!, xShape),
          tfjs.tensor(filter!, filterShape),
          tfjs.tensor(dy!, yShape),
        ];
        const ask = (end: string, inputs: Record<string, tfjs.Tensor>, wanted: object) =>
          (tfjs.engine().runKernel(name + end, inputs, { ...attrs, ...wanted }) as tfjs.Tensor).dataSync();
        return {
          dx: ask("Input", { dy: dys, filter: fs }, { inputShape: xShape }) as Float32Array,
          dFilter: ask("Filter", { dy: dys, x: xs }, { filterShape }) as Float32Array,
        };
      });
      assert.ok(relativeError(found.dx, dx) < 1e-5, `dx is off by ${relativeError(found.dx, dx)}`);
      assert.ok(relativeError(found.dFilter, dFilter) < 1e-5, "dFilter");
    }),
    { numRuns: 150 },
  );
});

test("strides that differ, and channels first, are refused with a word", async () => {
  await registerTrainingKernels();
  tfjs.tidy(() => {
    const [x, dy] = [tfjs.ones([1, 4, 4, 2]), tfjs.ones([1, 2, 4, 3])];
    const ask = (attrs: object) =>
      tfjs
        .engine()
        .runKernel("Conv2DBackpropFilter", { x, dy }, { filterShape: [1, 1, 2, 3], pad: "same", ...attrs });
    assert.throws(() => ask({ strides: [2, 1] }), /same stride.*not strides 2, 1/);
    assert.throws(() => ask({ strides: 1, dataFormat: "NCHW" }), /NHWC, not NCHW/);
  });
});

const installed = (() => {
  try {
    createRequire(import.meta.url)("@tensorflow/tfjs");
    return true;
  } catch {
    return false;
  }
})();

describe("an ordinary tfjs model", {
  skip: installed ? false : "needs @tensorflow/tfjs, whose gradients it uses",
}, () => {
  const weights = (): Record<string, tfjs.Tensor> => ({
    stem: tfjs.tensor(randoms(3 * 3 * 3 * 6, 1), [3, 3, 3, 6]),
    deep: tfjs.tensor(randoms(3 * 3 * 6, 2), [3, 3, 6, 1]),
    dilated: tfjs.tensor(randoms(3 * 3 * 6 * 5, 3), [3, 3, 6, 5]),
    last: tfjs.tensor(randoms(5 * 4, 4), [5, 4]),
  });
  const images = () => tfjs.tensor4d(randoms(2 * 9 * 9 * 3, 5), [2, 9, 9, 3]);
  const loss = (
    x: tfjs.Tensor4D,
    { stem, deep, dilated, last }: Record<string, tfjs.Tensor>,
  ): tfjs.Scalar => {
    const y = tfjs.sigmoid(tfjs.conv2d(x, stem as tfjs.Tensor4D, 2, "same"));
    const z = tfjs.add(
      tfjs.depthwiseConv2d(y as tfjs.Tensor4D, deep as tfjs.Tensor4D, 1, "same", "NHWC", 2),
      y,
    );
    const w = tfjs.tanh(tfjs.conv2d(z as tfjs.Tensor4D, dilated as tfjs.Tensor4D, 1, "same", "NHWC", 2));
    return tfjs.mean(tfjs.square(tfjs.matMul(tfjs.mean(w, [1, 2]), last as tfjs.Tensor2D)));
  };

  test("has gradients that finite differences confirm, through dilated convolutions too", async () => {
    await registerTrainingKernels();
    const names = Object.keys(weights());
    const found = tfjs.tidy(() => {
      const f = (...given: tfjs.Tensor[]) =>
        loss(images(), Object.fromEntries(names.map((name, i) => [name, given[i]!])));
      return tfjs
        .grads(f)(Object.values(weights()))
        .map((g) => g.dataSync() as Float32Array);
    });
    names.forEach((name, i) => {
      const direction = randoms(found[i]!.length, 9);
      const at = (step: number) =>
        tfjs.tidy(() => {
          const all = weights();
          const shift = tfjs.tensor(
            direction.map((d) => step * d),
            all[name]!.shape,
          );
          return loss(images(), { ...all, [name]: tfjs.add(all[name]!, shift) }).dataSync()[0]!;
        });
      const slope = (at(1e-2) - at(-1e-2)) / 2e-2;
      const expected = found[i]!.reduce((sum, g, j) => sum + g * direction[j]!, 0);
      // float32 leaves four digits of a difference of losses.
      const off = Math.abs(slope - expected) / Math.max(Math.abs(expected), 1e-2);
      assert.ok(off < 1e-2, `${name}: ${expected} where differences give ${slope}`);
    });
  });

  test("trains with tfjs' own optimiser, and leaves no tensors behind", async () => {
    await registerTrainingKernels();
    const variables = Object.fromEntries(
      Object.entries(weights()).map(([name, w]) => [name, tfjs.variable(w)]),
    );
    const optimiser = tfjs.train.sgd(0.5);
    const step = () =>
      tfjs.tidy(() => optimiser.minimize(() => loss(images(), variables), true)!.dataSync()[0]!);
    const first = step();
    const { numTensors } = tfjs.memory();
    let last = first;
    for (let i = 0; i < 30; i++) last = step();
    assert.ok(last < 0.5 * first, `the loss goes from ${first} to ${last}`);
    assert.equal(tfjs.memory().numTensors, numTensors);
  });
});
