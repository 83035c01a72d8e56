import { UserError } from "../../src/base/errors.js";
import { stream } from "../../src/base/rng.js";
import { input } from "../../src/graph/node.js";
import type { Engine } from "../../src/train/engine.js";
import { initialWeights } from "../../src/train/initial.js";

/** Why an engine that needs what is not installed cannot be tested here; undefined where it can. */
export async function missing(engine: Engine): Promise<string | undefined> {
  const out = input([1, 1, 1]).conv(2);
  const options = { momentum: 0, nesterov: false, weightDecay: 0, labelSmoothing: 0 };
  try {
    (await engine.open(out, initialWeights(out, stream(1, "weights")), options)).dispose();
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return `${error.message}. ${error.whatToDo}`;
  }
}
