import { nodes } from "../../graph/node.js";
import { sizeOf } from "../../graph/weights.js";
import { builderOf, type Form } from "../../space/build.js";
import type { Space } from "../../space/space.js";
import type { Choices } from "./architecture.js";
import { mixtureOf } from "./mixture.js";
import type { SupernetPlan } from "./question.js";
import type { Sharing } from "./sharing.js";
import { findWeights } from "./weights.js";

/** Numbers a supernet may have for each choice to have its own. */
const mostNumbers = 10_000_000;

const numbersOf = (space: Space, proxy: Form, sharing: Sharing): number =>
  [...findWeights(space, proxy, sharing).values()].reduce((sum, { shape }) => sum + sizeOf(shape), 0);

/** How networks share weights: as is wanted, or by choices where the space is small enough for that. */
export const sharingOf = (wanted: Sharing | "auto", space: Space, proxy: Form): Sharing =>
  wanted !== "auto" ? wanted : numbersOf(space, proxy, "choices") <= mostNumbers ? "choices" : "slices";

/** Kinds that keep a feature map from the way forth to the way back; what stands behind them is computed again. */
const kept = new Set([
  "conv",
  "add",
  "mul",
  "concat",
  "maxRelative",
  "attention",
  "layerNorm",
  "shuffle",
  "act",
  "scale",
]);

/** About how many bytes training a supernet will hold; an upper estimate. */
export interface Needed {
  /** The supernet's weights, their velocities and gradients. */
  readonly weights: number;
  /** Feature maps of the largest mixture and their gradients, for a batch. */
  readonly maps: number;
}

export function supernetBytes(plan: SupernetPlan, choices: Choices): Needed {
  const { space, proxy, rule, fidelity } = plan;
  const numbers = numbersOf(space, proxy, rule.sharing);
  const builder = builderOf(space, proxy);
  const maps = (taken: readonly (readonly number[])[]) =>
    nodes(mixtureOf(choices, builder, taken).out).reduce(
      (sum, node) => sum + (kept.has(node.op.kind) ? sizeOf(node.shape) : 0),
      0,
    );
  const first = choices.stages.map(() => 0);
  const largest = choices.stages.map((stage, i) => {
    let [most, at] = [-1, 0];
    stage.forEach((_, c) => {
      const size = maps(first.map((n, j) => [j === i ? c : n]));
      if (size > most) [most, at] = [size, c];
    });
    return at;
  });
  const branches = rule.paths === "gumbel" || rule.paths === "binary" ? rule.branches : 1;
  return {
    weights: 4 * 3 * numbers,
    maps: 4 * 2 * branches * fidelity.batch * maps(largest.map((c) => [c])),
  };
}
