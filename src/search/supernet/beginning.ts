import { builderOf } from "../../space/build.js";
import { choicesOf } from "./architecture.js";
import type { Checkpoint } from "./checkpoint.js";
import { newLearner } from "./learner.js";
import type { SupernetPlan } from "./question.js";
import { withThresholds } from "./thresholdSteps.js";
import { findWeights, startingWeights } from "./weights.js";

/** A supernet that has learned nothing. */
export function beginning(plan: SupernetPlan): Checkpoint {
  const { space, proxy, seed, rule } = plan;
  const choices = choicesOf(space);
  const learner = newLearner(choices);
  return {
    weights: startingWeights(findWeights(space, proxy, rule.sharing), seed),
    learner:
      rule.paths === "threshold"
        ? withThresholds(learner, { plan, choices, builder: builderOf(space, proxy) })
        : learner,
  };
}
