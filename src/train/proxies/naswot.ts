import { LuDecomposition, Matrix } from "ml-matrix";
import type { Node } from "../../graph/node.js";
import type { ZeroCostProxy } from "../proxy.js";

/**
 * How differently images activate an untrained network: K counts for each pair of images the activations that are on,
 * or off, for both; the score is ln |det K|. An activation is on where its input is above 0; those that gate
 * (sigmoid, hard-sigmoid) are not looked at. Without a finite score where two images look the same.
 *
 * paper  Mellor et al. 2021, Neural Architecture Search without Training, arXiv:2006.04647
 */
export const naswot: ZeroCostProxy = {
  summary: "how differently images switch activations on",
  score: (out, { on, batch }) =>
    on(out, (trainer) => {
      const agreeing = agreement(batch.count);
      trainer.watch(batch, {
        made(node, value) {
          if (switches(node)) agreeing.see(value());
        },
      });
      return logDeterminant(agreeing.kernel());
    }),
};

const switches = ({ op }: Node): boolean =>
  op.kind === "act" && op.fn !== "sigmoid" && op.fn !== "hard-sigmoid";

/** Counts for each pair of examples the units that agree, over all that are seen. */
export function agreement(count: number) {
  const kernel = Array.from({ length: count }, () => new Float64Array(count));
  return {
    /** Values of units, [count, any number]: above 0 is on. */
    see(values: Float32Array): void {
      const units = values.length / count;
      const codes = Array.from({ length: count }, (_, n) =>
        bitsOf(values.subarray(n * units, (n + 1) * units)),
      );
      for (let a = 0; a < count; a++)
        for (let b = 0; b <= a; b++) {
          let differing = 0;
          for (let word = 0; word < codes[a]!.length; word++)
            differing += ones(codes[a]![word]! ^ codes[b]![word]!);
          kernel[a]![b]! += units - differing;
          if (a !== b) kernel[b]![a]! += units - differing;
        }
    },
    kernel: (): readonly (readonly number[])[] => kernel.map((row) => [...row]),
  };
}

/** Whether each value is above 0, 32 to a word. */
function bitsOf(values: Float32Array): Int32Array {
  const bits = new Int32Array(Math.ceil(values.length / 32));
  for (let i = 0; i < values.length; i++) if (values[i]! > 0) bits[i >>> 5]! |= 1 << (i & 31);
  return bits;
}

/** Bits that are 1: pairs, then fours, then bytes summed side by side (Warren, Hacker's Delight, §5-1). */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** ln |det|, -Infinity where the matrix is singular; a sum of logarithms, as the determinant itself would overflow. */
export function logDeterminant(matrix: readonly (readonly number[])[]): number {
  const { upperTriangularMatrix } = new LuDecomposition(new Matrix(matrix as number[][]));
  return upperTriangularMatrix.diagonal().reduce((sum, pivot) => sum + Math.log(Math.abs(pivot)), 0);
}
