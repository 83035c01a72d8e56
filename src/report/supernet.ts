import { kendall, spearman, spearmanInterval } from "../base/rank.js";
import type { EpochAnswer, Guarded, ScoreAnswer, Sign } from "../search/supernet/question.js";
import type { Answered } from "../search/supernet/run.js";
import type { Trial } from "../search/trial.js";
import { table } from "./table.js";
import { showDuration, showMs, showPercent } from "./unit.js";

const showSign: { readonly [K in Sign]: (guarded: Guarded) => string } = {
  free: ({ freeShare }) => `candidates without weights have ${showPercent(freeShare!)} of the probability`,
  settled: ({ entropy }) => `decisions settled early, with ${showPercent(entropy)} of their entropy left`,
  gap: ({ accuracy, derivedAccuracy }) =>
    `the network derived now does worse than the supernet's steps by ${showPercent(accuracy - derivedAccuracy!)}`,
};

/** The signs of collapse an epoch ended with, and what was done about them; undefined where there are none. */
export function showCollapse(guarded: Guarded): string | undefined {
  if (guarded.signs.length === 0) return undefined;
  const seen = guarded.signs.map((sign) => showSign[sign](guarded)).join("; ");
  const done = guarded.rests
    ? `architecture parameters rest for an epoch, and ${showPercent(guarded.dropout)} of the steps on weights leave out candidates without weights`
    : "architecture parameters have just rested, so they go on";
  return `${seen}: ${done}`;
}

/** One answer of a supernet as a line. */
export function answerLine({ answer }: Answered): string {
  if (answer.kind === "score")
    return `${showPercent(answer.accuracy)} shared accuracy, loss ${answer.loss.toFixed(3)} (inherited weights): ${answer.genome}`;
  const { epoch, loss, expectedMs, latencyWeight, guarded } = answer;
  const words = [`supernet epoch ${epoch + 1}: loss ${loss.toFixed(3)}`];
  if (guarded !== null) {
    const { accuracy, derivedAccuracy, entropy, freeShare } = guarded;
    const derived =
      derivedAccuracy === null ? "" : `, ${showPercent(derivedAccuracy)} of the network derived now`;
    words.push(
      `shared accuracy ${showPercent(accuracy)}${derived}`,
      `expected latency ${showMs(expectedMs)}, its weight ${latencyWeight.toPrecision(2)}`,
      `entropy left ${showPercent(entropy)}`,
      ...(freeShare === null ? [] : [`without weights ${showPercent(freeShare)}`]),
    );
  }
  const collapse = guarded === null ? undefined : showCollapse(guarded);
  return words.join(", ") + (collapse === undefined ? "" : `; sign of collapse: ${collapse}`);
}

/** How far one ranking of networks is another. */
interface Agreement {
  readonly spearman: number;
  /** Of Spearman's, 95 %; null with fewer than four networks. */
  readonly interval: readonly [low: number, high: number] | null;
  readonly kendall: number;
}

/** How far shared accuracies rank networks as training them on their own does. */
export interface Trust extends Agreement {
  /** Networks that have both. */
  readonly networks: number;
  /** That of shared losses, the smaller the better: what the search ranks by. Null where all are one, or runs of before have none. */
  readonly loss: Agreement | null;
}

function agreementOf(a: readonly number[], b: readonly number[]): Agreement | undefined {
  const ranked = spearman(a, b);
  if (a.length < 2 || !a.every(Number.isFinite) || Number.isNaN(ranked)) return undefined;
  return { spearman: ranked, interval: spearmanInterval(ranked, a.length) ?? null, kendall: kendall(a, b) };
}

/**
 * Compare shared accuracies with proxy accuracies of the same networks.
 *
 * @param first  so many of the trials, which were drawn evenly
 * @returns undefined when fewer than two networks have both, or all have one accuracy
 */
export function trustOf(
  answers: readonly Answered[],
  trials: readonly Trial[],
  first: number,
): Trust | undefined {
  const shared = new Map(scoresOf(answers).map((answer) => [answer.genome, answer]));
  const both = trials.slice(0, first).flatMap(({ genome, accuracy }) => {
    const inherited = shared.get(genome);
    return inherited === undefined || accuracy === null ? [] : [{ inherited, accuracy }];
  });
  const by = (goodness: (score: ScoreAnswer) => number) =>
    agreementOf(
      both.map(({ inherited }) => goodness(inherited)),
      both.map(({ accuracy }) => accuracy),
    );
  const agreement = by(({ accuracy }) => accuracy);
  return agreement && { networks: both.length, ...agreement, loss: by(({ loss }) => -loss) ?? null };
}

const epochsOf = (answers: readonly Answered[]): readonly EpochAnswer[] =>
  answers.flatMap(({ answer }) => (answer.kind === "epoch" ? [answer] : []));

const scoresOf = (answers: readonly Answered[]): readonly ScoreAnswer[] =>
  answers.flatMap(({ answer }) => (answer.kind === "score" ? [answer] : []));

/** Training and scoring a supernet as `--json` has it; null where a strategy trains none. */
export function describeSupernet(
  answers: readonly Answered[],
  trials: readonly Trial[],
  { trust }: { readonly [option: string]: number | string },
) {
  if (trust === undefined) return null;
  const trialOf = new Map(trials.map(({ genome, number }) => [genome, number]));
  return {
    seconds: secondsOf(answers),
    epochs: epochsOf(answers).map(({ kind: _, logits: __, epoch, guarded, ...rest }) => ({
      epoch: epoch + 1,
      ...rest,
      guarded: guarded && { ...guarded, collapse: showCollapse(guarded) ?? null },
    })),
    scored: scoresOf(answers).map(({ genome, accuracy, loss, seconds }) => ({
      ...{ genome, accuracy, accuracyKind: "shared" as const, loss: loss ?? null, seconds },
      trial: trialOf.get(genome) ?? null,
    })),
    trust: trustOf(answers, trials, Number(trust)) ?? null,
  };
}

/** What a supernet took: training it, and scoring networks with its weights. */
export const secondsOf = (answers: readonly Answered[]): number =>
  answers.reduce((sum, { answer }) => sum + answer.seconds, 0);

/** What a supernet's scores were worth, for eyes. */
export function supernetSummary(
  answers: readonly Answered[],
  trials: readonly Trial[],
  first: number,
): readonly string[] {
  const epochs = epochsOf(answers);
  if (epochs.length === 0) return [];
  const guarded = epochs.filter((epoch) => epoch.guarded !== null);
  const collapsed = guarded.filter((epoch) => epoch.guarded!.signs.length > 0);
  const named = collapsed.map(({ epoch }) => epoch + 1).join(", ");
  const signs = collapsed.length === 0 ? "no epoch" : `epoch ${named}`;
  const trust = trustOf(answers, trials, first);
  return [
    `${epochs.length} epochs, ${answers.length - epochs.length} networks scored with its weights, in ${showDuration(1000 * secondsOf(answers))}${guarded.length === 0 ? "" : `; signs of collapse in ${signs}`}`,
    ...(trust === undefined ? [] : [showTrust(trust)]),
  ];
}

const showAgreement = ({ spearman, interval, kendall }: Agreement): string =>
  `Spearman ${spearman.toFixed(2)}${
    interval === null ? "" : ` (95 % interval ${interval[0].toFixed(2)} to ${interval[1].toFixed(2)})`
  }, Kendall ${kendall.toFixed(2)}`;

const showTrust = ({ networks, loss, ...accuracy }: Trust): string =>
  `shared accuracy ranks ${networks} evenly drawn networks as training each on its own does: ${showAgreement(accuracy)}${
    loss === null ? "" : `; shared loss, which the search goes by: ${showAgreement(loss)}`
  }`;

/** Best of the networks scored with a supernet's weights that are shown. */
const shown = 10;

/** A supernet's epochs, and what scored best with its weights, as tables. */
export function supernetTables(
  answers: readonly Answered[],
  trials: readonly Trial[],
  width: number,
): readonly string[] {
  const epochs = epochsOf(answers);
  const best = scoresOf(answers)
    .toSorted((a, b) => a.loss - b.loss || b.accuracy - a.accuracy)
    .slice(0, shown);
  const trialOf = new Map(trials.map(({ genome, number }) => [genome, number]));
  const learns = epochs.some(({ guarded }) => guarded !== null);
  const frees = epochs.some(({ guarded }) => guarded !== null && guarded.freeShare !== null);
  const guard = (title: string, of: (guarded: Guarded, epoch: EpochAnswer) => string, drop?: number) => ({
    title,
    of: (epoch: EpochAnswer) => (epoch.guarded === null ? "" : of(epoch.guarded, epoch)),
    right: true,
    ...(drop === undefined ? {} : { drop }),
  });
  return [
    ...(epochs.length === 0
      ? []
      : [
          table(
            [
              { title: "supernet epoch", of: ({ epoch }) => String(epoch + 1), right: true },
              { title: "loss", of: ({ loss }) => loss.toFixed(3), right: true },
              ...(learns
                ? [
                    guard("shared accuracy", ({ accuracy }) => showPercent(accuracy)),
                    guard("if derived", ({ derivedAccuracy: a }) => (a === null ? "" : showPercent(a)), 3),
                    guard("expected", (_, { expectedMs }) => showMs(expectedMs)),
                    guard("its weight", (_, { latencyWeight }) => latencyWeight.toPrecision(2), 4),
                    guard("entropy", ({ entropy }) => showPercent(entropy), 2),
                    ...(frees
                      ? [guard("without weights", ({ freeShare }) => showPercent(freeShare!), 5)]
                      : []),
                    guard("", ({ signs }) => (signs.length === 0 ? "" : `collapse: ${signs.join(", ")}`), 1),
                  ]
                : []),
              { title: "took", of: ({ seconds }) => showDuration(1000 * seconds), right: true, drop: 6 },
            ],
            epochs,
            width,
          ),
        ]),
    ...(best.length === 0
      ? []
      : [
          table(
            [
              { title: "shared accuracy", of: ({ accuracy }) => showPercent(accuracy), right: true },
              { title: "loss", of: ({ loss }) => loss?.toFixed(3) ?? "", right: true, drop: 1 },
              { title: "trial", of: ({ genome }) => String(trialOf.get(genome) ?? ""), right: true },
              { title: "genome", of: ({ genome }) => genome },
            ],
            best,
            width,
          ),
        ]),
  ];
}
