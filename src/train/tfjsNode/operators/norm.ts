import { normEpsilon } from "../../../graph/op.js";
import { statisticsMomentum } from "../../engine.js";
import { flag, real } from "../attributes.js";
import type { Operator } from "../operator.js";

/** Batch normalisation in one pass each way; TensorFlow moves the running statistics with it. */
export const norm: Operator<"norm"> = (_, { tf, inputs: [x], weights, mode }) => {
  const { gamma, beta, mean, variance } = weights;
  const training = mode !== "infer";
  const attributes = [real("epsilon", normEpsilon), flag("is_training", training)];
  const [value, movedMean, movedVariance, ...reserved] = tf.ops(
    "FusedBatchNormV3",
    6,
    [x!, gamma!, beta!, mean!, variance!],
    ...attributes,
    real("exponential_avg_factor", training ? statisticsMomentum : 1),
  );
  return {
    value: value!,
    statistics: { mean: movedMean!, variance: movedVariance! },
    back(dy) {
      const inputs = [dy, x!, gamma!, ...reserved];
      const [dx, dGamma, dBeta] = tf.ops("FusedBatchNormGradV3", 5, inputs, ...attributes);
      return { inputs: [dx], weights: { gamma: dGamma!, beta: dBeta! } };
    },
  };
};
