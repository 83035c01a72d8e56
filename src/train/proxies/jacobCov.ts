import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { mean } from "../../base/stats.js";
import type { ZeroCostProxy } from "../proxy.js";

/**
 * How unlike the ways are in which outputs depend on each image: of the gradients of the summed outputs by the pixels,
 * a row an image, the correlations between rows; from their eigenvalues v the score -Σ ln(v + k) + 1 / (v + k), k = 1e-5.
 *
 * paper  Mellor et al. 2020, first version of arXiv:2006.04647; Abdelfattah et al. 2021, arXiv:2101.08134
 */
export const jacobCov: ZeroCostProxy = {
  summary: "how unlike the outputs' gradients are from image to image",
  score: (out, { on, batch }) =>
    on(out, (trainer) => {
      let rows: readonly Float32Array[] = [];
      trainer.watch(batch, {
        lead: (logits) => new Float32Array(logits.length).fill(1),
        led(node, _, gradient) {
          if (node.op.kind !== "input") return;
          const all = gradient();
          const pixels = all.length / batch.count;
          rows = Array.from({ length: batch.count }, (_, n) => all.subarray(n * pixels, (n + 1) * pixels));
        },
      });
      return jacobianScore(rows);
    }),
};

const k = 1e-5;

/** The score of gradients by pixels, a row an image; not finite where a row is all one number. */
export function jacobianScore(rows: readonly ArrayLike<number>[]): number {
  const unit = rows.map((row) => {
    const numbers = Array.from(row);
    const centre = mean(numbers);
    const length = Math.hypot(...numbers.map((n) => n - centre));
    return numbers.map((n) => (n - centre) / length);
  });
  const directions = new Matrix(unit);
  const correlations = directions.mmul(directions.transpose());
  if (!correlations.to1DArray().every(Number.isFinite)) return Number.NaN;
  const { realEigenvalues } = new EigenvalueDecomposition(correlations, { assumeSymmetric: true });
  return realEigenvalues.reduce((sum, v) => sum - Math.log(v + k) - 1 / (v + k), 0);
}
