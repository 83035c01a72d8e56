import { isDeepStrictEqual } from "node:util";
import { exitCodes, UserError } from "../base/errors.js";
import { find } from "../base/lookup.js";
import type { Node } from "../graph/node.js";
import { type Prediction, predict, predictBlocks, predictMeasured } from "../latency/predict.js";
import type { Target } from "../latency/target.js";
import type { Space } from "../space/space.js";
import * as spaces from "../space/spaces/index.js";

/** What networks of a space are made of, its names and training left out. */
const made = ({ stem, stages, head, act }: Space) => ({ stem, stages, head, act });

/** Whether a target can predict the networks of a space. */
export function knows(target: Target, space: Space | null): boolean {
  if (target.kind !== "blocks") return true;
  const measured = find<Space>(spaces, target.table.space);
  return (
    space !== null &&
    measured !== undefined &&
    space.name === measured.name &&
    isDeepStrictEqual(made(space), made(measured))
  );
}

/** @throws UserError  when the target is a table of another space's blocks */
export function checkKnows(target: Target, space: Space | null): void {
  if (target.kind !== "blocks" || knows(target, space)) return;
  const { space: measured } = target.table;
  throw new UserError(
    `${target.title} is known only by a table of the built-in space ${measured}'s blocks, which says nothing of ${space === null ? "networks outside it" : `the space ${space.name}`}`,
    `Take a genome of --space ${measured}, or another target: nas target list.`,
    exitCodes.data,
  );
}

/**
 * How a target predicts the networks of a space: from the graph of the deployed form, or from
 * the genome where the target has a table of the space's blocks.
 *
 * @param space  null for networks that are of none
 * @returns      the prediction for a canonical genome, or for a network without one
 * @throws UserError  when the target's table is of another space
 */
export function latencyOf(
  target: Target,
  space: Space | null,
): (genome: string | null, network: () => Node) => Prediction {
  checkKnows(target, space);
  switch (target.kind) {
    case "kernels":
      return (_, network) => predict(network(), target);
    case "measured":
      return (_, network) => predictMeasured(network(), target);
    case "blocks":
      return (genome) => predictBlocks(genome!, target);
  }
}
