import { deviation, mean } from "../../base/stats.js";
import { columnsOf } from "../encoding.js";
import { fitMlp } from "../mlp.js";
import { definePredictor } from "../predictor.js";

const members = 5;
const shape = { hidden: [20, 20], batch: 32, rate: 0.01 };
const epochs = 60;
/** Examples seen in all epochs together, at most. */
const mostSeen = 6000;

export const mlpEnsemble = definePredictor({
  summary: "five small networks of dense layers, each from other initial weights",
  fit(examples, rng) {
    const columns = columnsOf(examples.map(({ features }) => features));
    const rows = examples.map(({ features }) => columns.of(features));
    const accuracies = examples.map(({ accuracy }) => accuracy);
    const centre = mean(accuracies);
    const scale = deviation(accuracies) || 1;
    const targets = accuracies.map((accuracy) => (accuracy - centre) / scale);
    const few = Math.max(1, Math.min(epochs, Math.floor(mostSeen / examples.length)));
    const networks = Array.from({ length: members }, () =>
      fitMlp(rows, columns.count, targets, { ...shape, epochs: few }, rng),
    );
    return (features) => {
      const row = columns.of(features);
      return networks.map((network) => centre + scale * network(row));
    };
  },
});
