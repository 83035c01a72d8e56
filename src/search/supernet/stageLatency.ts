import { input, type Node } from "../../graph/node.js";
import type { Shape } from "../../graph/op.js";
import { restMsOf, stageMs } from "../../latency/stageMs.js";
import type { Target } from "../../latency/target.js";
import { builderOf, deployedForm } from "../../space/build.js";
import { checkKnows } from "../latencyOf.js";
import { addLogGradient, type Choices, type Distribution, type LogitGradient } from "./architecture.js";

/** What a candidate adds behind one shape, and which shape it hands on. */
export interface Step {
  readonly ms: number;
  /** Number of the shape among those behind the stage. */
  readonly next: number;
}

/**
 * A target's estimate for every network of a space, taken apart: milliseconds of a network are
 * `restMs`, what each stage's candidate adds behind the shape it reads, and the head's.
 */
export interface StageLatency {
  readonly unit: "ms";
  /** Of the call and the stem. */
  readonly restMs: number;
  /** By stage, by shape before it, by candidate. */
  readonly steps: readonly (readonly (readonly Step[])[])[];
  /** Of the head, by shape behind the last stage. */
  readonly headMs: readonly number[];
}

/** @throws UserError  when the target knows nothing of the space */
export function stageLatency(choices: Choices, target: Target): StageLatency {
  const { space } = choices;
  checkKnows(target, space);
  const { stem, stage, head } = builderOf(space, deployedForm(space));
  const piece = stageMs(target);
  const msOf = (out: Node): number => piece(out).ms;
  const blockMs = (i: number, text: string): number =>
    target.kind === "blocks" ? target.table.ms[i]![target.table.operators.indexOf(text)]! : 0;
  const first = stem();
  let shapes: Shape[] = [first.shape];
  const steps = choices.stages.map((candidates, i) => {
    const numbers = new Map<string, number>();
    const next: Shape[] = [];
    const rows = shapes.map((shape) =>
      candidates.map(({ gene, text }): Step => {
        const x = input(shape);
        const out = stage(x, i, gene);
        const name = out.shape.join();
        if (!numbers.has(name)) {
          numbers.set(name, next.length);
          next.push(out.shape);
        }
        return { ms: (out === x ? 0 : msOf(out)) + blockMs(i, text), next: numbers.get(name)! };
      }),
    );
    shapes = next;
    return rows;
  });
  return {
    unit: "ms",
    restMs: restMsOf(target) + msOf(first),
    steps,
    headMs: shapes.map((shape) => msOf(head(input(shape)))),
  };
}

/** Milliseconds of one network, given by its candidates' numbers. */
export function pickedMs({ restMs, steps, headMs }: StageLatency, picked: readonly number[]): number {
  let [ms, at] = [restMs, 0];
  picked.forEach((candidate, i) => {
    const step = steps[i]![at]![candidate]!;
    ms += step.ms;
    at = step.next;
  });
  return ms + headMs[at]!;
}

/**
 * The mean latency of networks drawn stage by stage, each stage independent of the others,
 * and its gradient. Exact: what a stage adds hangs on the shape before it, so the shapes'
 * probabilities are carried along.
 *
 * @param candidates  probabilities of each stage's candidates
 * @returns  milliseconds, and for each stage the gradient by its candidates' probabilities
 *
 * Source: Wu et al. 2019, FBNet, arXiv:1812.03443, eq. 3, of a table by position alone.
 */
export function expectedMs(
  { restMs, steps, headMs }: StageLatency,
  candidates: readonly (readonly number[])[],
): { readonly ms: number; readonly gradient: readonly (readonly number[])[] } {
  const before: number[][] = [[1]];
  steps.forEach((rows, i) => {
    const behind: number[] = [];
    rows.forEach((row, shape) => {
      row.forEach(({ next }, c) => {
        behind[next] = (behind[next] ?? 0) + before[i]![shape]! * candidates[i]![c]!;
      });
    });
    before.push(behind);
  });
  let onwards: readonly number[] = headMs;
  const gradient: number[][] = [];
  for (let i = steps.length - 1; i >= 0; i--) {
    const rows = steps[i]!;
    gradient[i] = candidates[i]!.map((_, c) =>
      rows.reduce((sum, row, s) => sum + before[i]![s]! * (row[c]!.ms + onwards[row[c]!.next]!), 0),
    );
    const from = onwards;
    onwards = rows.map((row) =>
      row.reduce((sum, { ms, next }, c) => sum + candidates[i]![c]! * (ms + from[next]!), 0),
    );
  }
  return { ms: restMs + onwards[0]!, gradient };
}

/** Add `factor` times the gradient of the mean latency by logits, from that by the candidates' probabilities. */
export function addLatencyGradient(
  to: LogitGradient,
  choices: Choices,
  distribution: Distribution,
  byProbability: readonly (readonly number[])[],
  factor: number,
): void {
  for (const [i, stage] of byProbability.entries())
    for (const [c, byP] of stage.entries()) {
      const p = distribution.candidates[i]![c]!;
      addLogGradient(to, distribution, choices.stages[i]![c]!, factor * byP * p);
    }
}
