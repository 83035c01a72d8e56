import { defineBenchmark, refuse } from "../benchmark.js";
import { type Categorical, categoricalMoves, everyGenome, type Indices } from "../categorical.js";

/** Values of each decision, spread evenly over 0..1. */
const values = 4;
const stages = 4;
const most = 81;

/** Four stages that each choose a width and a kernel: `analytic:w0k3/w2k1/...`. */
const network: Categorical = {
  decisions: Array.from({ length: stages }, (_, s) => [
    { name: `stage${s + 1}.width`, values },
    { name: `stage${s + 1}.kernel`, values },
  ]).flat(),
  format: (indices) =>
    `analytic:${Array.from({ length: stages }, (_, s) => `w${indices[2 * s]}k${indices[2 * s + 1]}`).join("/")}`,
  parse: (genome) => [...genome.matchAll(/[wk](\d)/g)].map(([, digit]) => Number(digit)),
};

/** What each decision gives for itself: slope, and the value it likes best with how much it minds others. */
const slope = [0.5, -0.3, 0.7, 0.2, 0.6, 0.4, 0.3, -0.2];
const likes = [0.7, 0.3, 0.65, 0.6, 1, 0.35, 0.6, 0.7];
const minds = [0.9, 0.6, 1.1, 0.8, 0.7, 0.9, 0.8, 0.6];
/** What two decisions give together: above 0 they want to be both large or both small. */
const together: readonly (readonly [number, number, number])[] = [
  [0, 2, 0.5],
  [2, 4, -0.6],
  [4, 6, 0.45],
  [1, 3, -0.5],
  [3, 5, 0.55],
  [5, 7, -0.4],
  [0, 1, -0.35],
  [2, 3, 0.4],
  [4, 5, -0.45],
  [6, 7, 0.35],
];

const sum = (terms: readonly number[]): number => terms.reduce((a, b) => a + b, 0);
const spread = (indices: Indices): readonly number[] => indices.map((index) => index / (values - 1));

/** Error after training without end. */
function finalError(x: readonly number[]): number {
  const alone = sum(x.map((v, i) => slope[i]! * (v - 0.5) - minds[i]! * (v - likes[i]!) ** 2));
  const paired = sum(together.map(([i, j, gain]) => gain * (2 * x[i]! - 1) * (2 * x[j]! - 1)));
  return 0.04 + 0.5 / (1 + Math.exp(1.4 + alone + paired));
}

/** Epochs in which half of what can be learnt is: the wider a network, the slower. */
const slowness = (x: readonly number[]): number =>
  0.5 + 2.5 * ((x[0]! + x[2]! + x[4]! + x[6]!) / stages) ** 2;

const errorAfter = (x: readonly number[], epochs: number): number => {
  const final = finalError(x);
  return final + (0.9 - final) / (1 + epochs / slowness(x)) ** 1.5;
};

/** Stages get narrower in time as images shrink; time grows with width and, less, with the kernel. */
const latencyMs = (x: readonly number[]): number =>
  0.2 +
  sum(
    Array.from({ length: stages }, (_, s) => {
      const [width, kernel] = [x[2 * s]!, x[2 * s + 1]!];
      return (0.4 - 0.06 * s) * (0.25 + width + 0.75 * width ** 2) * (0.6 + 0.4 * kernel ** 2);
    }),
  );

/**
 * A made-up space of 4^8 networks with formulas for answers, so that strategies can
 * be compared without files: accuracy is smooth in every decision, with preferences
 * and pairs that want each other or not, so that there are local optima; it grows with
 * epochs, slower for wide networks, so that few epochs rank them only roughly; wide
 * networks with large kernels are slow.
 *
 * epochs    1 to 81
 * reference error 0.9, that of guessing among ten classes; the latency of the slowest network
 */
export const analytic = defineBenchmark({
  summary: "65,536 networks with formulas for accuracy, epochs and latency; needs no files",
  open(options) {
    refuse("analytic", options, ["file", "dataset", "device", "mutation"]);
    return {
      title: `analytic, accuracy by formula after ${most} epochs`,
      moves: categoricalMoves(network),
      epochs: most,
      isMultiFidelity: true,
      hasLatency: true,
      evaluate(genome, epochs = most) {
        const x = spread(network.parse(genome));
        const accuracy = 1 - errorAfter(x, epochs);
        return { accuracy, testAccuracy: accuracy, latencyMs: latencyMs(x) };
      },
      genomes: () => everyGenome(network),
      reference: [0.9, latencyMs(network.decisions.map(() => 1))],
    };
  },
});
