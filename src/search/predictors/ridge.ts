import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { mean } from "../../base/stats.js";
import { columnsOf } from "../encoding.js";
import { definePredictor } from "../predictor.js";

/** What a squared weight costs, in squared errors of one example: those to choose from. */
const penalties = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100];

/**
 * Ridge regression: accuracy as a sum of what each feature gives, every weight small
 * unless the examples say otherwise. Of the penalties the one is taken that predicts
 * best when one example is left out at a time.
 *
 * Source: Hoerl & Kennard 1970, Ridge Regression; Allen 1974 for leaving one out in
 * closed form, residual / (1 - leverage).
 */
export const ridge = definePredictor({
  summary: "linear in the features, its penalty chosen by leaving one out",
  fit(examples) {
    const columns = columnsOf(examples.map(({ features }) => features));
    const rows = examples.map(({ features }) => columns.of(features));
    const { length: n } = rows;
    const { count } = columns;
    const share = new Float64Array(count);
    for (const row of rows) for (const i of row) share[i]! += 1 / n;
    const centre = mean(examples.map(({ accuracy }) => accuracy));
    const rest = examples.map(({ accuracy }) => accuracy - centre);

    const scatter = Matrix.zeros(count, count);
    for (const row of rows)
      for (const i of row) for (const j of row) scatter.set(i, j, scatter.get(i, j) + 1);
    for (let i = 0; i < count; i++)
      for (let j = 0; j < count; j++) scatter.set(i, j, scatter.get(i, j) - n * share[i]! * share[j]!);
    const { realEigenvalues: spread, eigenvectorMatrix: axes } = new EigenvalueDecomposition(scatter, {
      assumeSymmetric: true,
    });

    /** Along each axis, from the middle of all examples. */
    const middle = axes
      .transpose()
      .mmul(Matrix.columnVector([...share]))
      .to1DArray();
    const along = rows.map((row) =>
      middle.map((m, k) => row.reduce((sum, i) => sum + axes.get(i, k), 0) - m),
    );
    const pull = middle.map((_, k) => along.reduce((sum, z, i) => sum + z[k]! * rest[i]!, 0));
    const leftOut = (penalty: number): number =>
      along.reduce((sum, z, i) => {
        let guess = 0;
        let leverage = 1 / n;
        for (const [k, value] of z.entries()) {
          const scale = 1 / (Math.max(0, spread[k]!) + penalty);
          guess += value * pull[k]! * scale;
          leverage += value ** 2 * scale;
        }
        return sum + ((rest[i]! - guess) / Math.max(1e-12, 1 - leverage)) ** 2;
      }, 0);
    const penalty = penalties
      .map((value) => ({ value, error: leftOut(value) }))
      .reduce((a, b) => (b.error < a.error ? b : a)).value;

    const scaled = pull.map((p, k) => p / (Math.max(0, spread[k]!) + penalty));
    const weights = axes.mmul(Matrix.columnVector(scaled)).to1DArray();
    const base = centre - weights.reduce((sum, w, i) => sum + w * share[i]!, 0);
    return (features) => [columns.of(features).reduce((sum, i) => sum + weights[i]!, base)];
  },
});
