import { input, type Node, nodes } from "../../graph/node.js";
import type { Shape } from "../../graph/op.js";
import { sizeOf } from "../../graph/weights.js";
import { builderOf, type Form } from "../../space/build.js";
import type { Space } from "../../space/space.js";
import type { Choices } from "./architecture.js";
import type { SupernetPlan } from "./question.js";
import type { Sharing } from "./sharing.js";
import { findWeights } from "./weights.js";

/** Numbers of the supernets that were counted, by space, form and sharing: counting takes seconds where a space is large. */
const counted = new WeakMap<Space, Map<string, number>>();

function numbersOf(space: Space, proxy: Form, sharing: Sharing): number {
  const known = counted.get(space) ?? new Map<string, number>();
  counted.set(space, known);
  const key = JSON.stringify([proxy, sharing]);
  const numbers =
    known.get(key) ??
    [...findWeights(space, proxy, sharing).values()].reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  known.set(key, numbers);
  return numbers;
}

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

/** Of the program, its images and an engine, before a supernet: what a search of small networks was measured to hold. */
const program = 420 * 2 ** 20;

/** About how many bytes a process that trains a supernet in one worker will hold; an upper estimate. */
export interface Needed {
  readonly program: number;
  /** The supernet's weights, their velocities and gradients. */
  readonly weights: number;
  /** Feature maps of the largest mixture and their gradients, for a batch. */
  readonly maps: number;
}

export function supernetBytes(plan: SupernetPlan, choices: Choices): Needed {
  const { space, proxy, rule, fidelity } = plan;
  const numbers = numbersOf(space, proxy, rule.sharing);
  const { stem, stage, head } = builderOf(space, proxy);
  const keptOf = (out: Node): number =>
    nodes(out).reduce((sum, node) => sum + (kept.has(node.op.kind) ? sizeOf(node.shape) : 0), 0);
  const first = stem();
  let maps = keptOf(first);
  let shapes = new Map<string, Shape>([[first.shape.join(), first.shape]]);
  choices.stages.forEach((candidates, i) => {
    const next = new Map<string, Shape>();
    let most = 0;
    for (const shape of shapes.values())
      for (const { gene } of candidates) {
        const out = stage(input(shape), i, gene);
        most = Math.max(most, keptOf(out));
        next.set(out.shape.join(), out.shape);
      }
    maps += most;
    shapes = next;
  });
  maps += Math.max(...[...shapes.values()].map((shape) => keptOf(head(input(shape)))));
  const branches = rule.paths === "uniform" || rule.paths === "sandwich" ? 1 : rule.branches;
  return {
    program,
    weights: 4 * 3 * numbers,
    maps: 4 * 2 * branches * fidelity.batch * maps,
  };
}
