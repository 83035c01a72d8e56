import { deviation, mean } from "../../base/stats.js";
import { columnsOf } from "../encoding.js";
import { accuracyOf, goodness } from "../goodness.js";
import { fitMlp } from "../mlp.js";
import { definePredictor } from "../predictor.js";

const members = 5;
const shape = { hidden: [20, 20], batch: 32, rate: 0.01 };
const epochs = 60;
/** Examples seen in all epochs together, at most. */
const mostSeen = 6000;

/**
 * An ensemble for BANANAS. It learns the logarithm of the error, so that a tenth less
 * error counts alike among good networks and bad ones; the paper's loss, which is relative
 * to the error, is to the same end.
 *
 * shape  2 layers of 20 units and 60 epochs at most, where the paper has 10 layers of 20
 *        and 150 epochs; Adam's rate 0.01 and batches of 32 are the paper's
 * paper  White et al. 2021, BANANAS, arXiv:1910.11858, §3
 */
export const mlpEnsemble = definePredictor({
  summary: "five small networks of dense layers, each from other initial weights",
  fit(examples, rng) {
    const columns = columnsOf(examples.map(({ features }) => features));
    const rows = examples.map(({ features }) => columns.of(features));
    const good = examples.map(({ accuracy }) => goodness(accuracy));
    const centre = mean(good);
    const scale = deviation(good) || 1;
    const targets = good.map((value) => (value - centre) / scale);
    const few = Math.max(1, Math.min(epochs, Math.floor(mostSeen / examples.length)));
    const networks = Array.from({ length: members }, () =>
      fitMlp(rows, columns.count, targets, { ...shape, epochs: few }, rng),
    );
    return (features) => {
      const row = columns.of(features);
      return networks.map((network) => accuracyOf(centre + scale * network(row)));
    };
  },
});
