import type { Distribution } from "./architecture.js";
import type { StageLatency } from "./stageLatency.js";

/** A beginning of a network: what it took, what it is worth, and what it was made of. */
interface Beginning {
  readonly ms: number;
  readonly score: number;
  readonly picked: readonly number[];
}

/** Of these those that none is at least as fast and as good as, fastest first; of equals the first. */
function undominated(all: readonly Beginning[]): readonly Beginning[] {
  let best = Number.NEGATIVE_INFINITY;
  return all
    .toSorted((a, b) => a.ms - b.ms || b.score - a.score)
    .filter(({ score }) => {
      if (score <= best) return false;
      best = score;
      return true;
    });
}

/**
 * The network with the largest sum of scores among those within a limit, by dynamic programming
 * over the stages: for each shape the beginnings that no other beats in time and score are kept.
 * Exact, as what a stage adds hangs on the shape before it alone.
 *
 * @param scores  of each stage's candidates: with ln p, the likeliest network
 * @returns       the candidates' numbers; undefined when no network is within the limit
 */
export function constrainedArgmax(
  { restMs, steps, headMs }: StageLatency,
  scores: readonly (readonly number[])[],
  limitMs: number,
): readonly number[] | undefined {
  let front: readonly (readonly Beginning[])[] = [[{ ms: restMs, score: 0, picked: [] }]];
  steps.forEach((rows, i) => {
    const next: Beginning[][] = [];
    rows.forEach((row, shape) => {
      const groups = new Map<number, Beginning[]>();
      row.forEach((step, c) => {
        const group = groups.get(step.next) ?? [];
        groups.set(step.next, group);
        group.push({ ms: step.ms, score: scores[i]![c]!, picked: [c] });
      });
      for (const [to, group] of groups)
        for (const from of front[shape] ?? [])
          for (const step of undominated(group)) {
            const ms = from.ms + step.ms;
            if (ms > limitMs) continue;
            const made = { ms, score: from.score + step.score, picked: [...from.picked, ...step.picked] };
            next[to] ??= [];
            next[to].push(made);
          }
    });
    front = Array.from(next, (beginnings) => undominated(beginnings ?? []));
  });
  const whole = front.flatMap((beginnings, shape) =>
    beginnings.map((b) => ({ ...b, ms: b.ms + headMs[shape]! })).filter(({ ms }) => ms <= limitMs),
  );
  return whole.reduce<Beginning | undefined>(
    (best, b) => (best === undefined || b.score > best.score ? b : best),
    undefined,
  )?.picked;
}

/** Limits are met with this to spare, so that no rounding of a sum in another order is over one. */
const spare = 1 - 1e-9;

/** The likeliest network within a limit; undefined when none is. */
export const likeliest = (
  latency: StageLatency,
  { candidates }: Pick<Distribution, "candidates">,
  limitMs: number,
): readonly number[] | undefined =>
  constrainedArgmax(
    latency,
    candidates.map((stage) => stage.map(Math.log)),
    limitMs * spare,
  );
