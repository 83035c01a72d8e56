import { kendall, spearman } from "../base/rank.js";
import type { Answered } from "../search/supernet/run.js";
import type { Trial } from "../search/trial.js";
import { showMs, showPercent } from "./unit.js";

/** One answer of a supernet as a line. */
export function answerLine({ answer }: Answered): string {
  if (answer.kind === "score")
    return `${showPercent(answer.accuracy)} shared accuracy (inherited weights): ${answer.genome}`;
  const { epoch, loss, expectedMs, latencyWeight, guarded } = answer;
  const learned =
    guarded === null
      ? ""
      : `, expected latency ${showMs(expectedMs)}, its weight ${latencyWeight.toPrecision(2)}, entropy left ${showPercent(guarded.entropy)}${
          guarded.freeShare === null ? "" : `, without weights ${showPercent(guarded.freeShare)}`
        }, gap ${showPercent(guarded.gap)}`;
  const collapse = guarded?.collapse ? `; collapse: ${guarded.collapse}` : "";
  return `supernet epoch ${epoch + 1}: loss ${loss.toFixed(3)}${learned}${collapse}`;
}

/** How far shared accuracies rank networks as training them on their own does. */
export interface Trust {
  /** Networks that have both. */
  readonly networks: number;
  readonly spearman: number;
  readonly kendall: number;
}

/**
 * Compare shared accuracies with proxy accuracies of the same networks.
 *
 * @param last  so many of the trials, from the end, which were drawn evenly
 * @returns undefined when fewer than two networks have both, or all have one accuracy
 */
export function trustOf(
  answers: readonly Answered[],
  trials: readonly Trial[],
  last: number,
): Trust | undefined {
  const shared = new Map(
    answers.flatMap(({ answer }) => (answer.kind === "score" ? [[answer.genome, answer.accuracy]] : [])),
  );
  const both = (last > 0 ? trials.slice(-last) : []).flatMap(({ genome, accuracy }) => {
    const inherited = shared.get(genome);
    return inherited === undefined || accuracy === null ? [] : [{ inherited, accuracy }];
  });
  const [a, b] = [both.map(({ inherited }) => inherited), both.map(({ accuracy }) => accuracy)];
  const ranked = spearman(a, b);
  if (both.length < 2 || Number.isNaN(ranked)) return undefined;
  return { networks: both.length, spearman: ranked, kendall: kendall(a, b) };
}

/** What a supernet's scores were worth, for eyes. */
export function supernetSummary(
  answers: readonly Answered[],
  trials: readonly Trial[],
  last: number,
): readonly string[] {
  const epochs = answers.flatMap(({ answer }) => (answer.kind === "epoch" ? [answer] : []));
  if (epochs.length === 0) return [];
  const seconds = answers.reduce((sum, { answer }) => sum + answer.seconds, 0);
  const collapsed = epochs.filter(({ guarded }) => guarded?.collapse).length;
  const trust = trustOf(answers, trials, last);
  return [
    `Supernet: ${epochs.length} epochs and ${answers.length - epochs.length} networks scored with its weights in ${seconds.toFixed(0)} s; signs of collapse in ${collapsed} epochs.`,
    ...(trust === undefined
      ? []
      : [
          `Trust: shared accuracy ranks ${trust.networks} evenly drawn networks as training each on its own does with Spearman ${trust.spearman.toFixed(2)}, Kendall ${trust.kendall.toFixed(2)}.`,
        ]),
  ];
}
