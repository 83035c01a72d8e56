import type { ChalkInstance } from "chalk";
import type { Agreement, Effort, Ranked, Spread } from "../search/ranked.js";
import type { Meaning } from "../search/settings.js";
import type { Fidelity } from "../train/fit.js";
import { pairs, table } from "./table.js";
import { showCount, showDuration, showPercent } from "./unit.js";

const number = (value: number | null): string => value?.toFixed(2) ?? "all equal";
const range = (interval: readonly [number, number] | null): string =>
  interval === null ? "too few" : interval.map((end) => end.toFixed(2)).join(" to ");

const words = (by: Agreement["by"], repeats: number): string =>
  ({
    short: "one short training",
    "short-mean": `the mean of ${repeats} short trainings`,
    long: "one long training, by the others",
    params: "params (baseline)",
    macs: "MACs (baseline)",
  })[by];

const training = ({ epochs, images, batch }: Fidelity, { seconds, macs }: Effort): string =>
  `${epochs} epochs on ${images} images, batches of ${batch}: ${showDuration(seconds * 1000)} and ${showCount(macs)} MACs forward, on average`;

/** Whether short training is worth more than counting, as far as these networks tell. */
function verdict({ agreements }: Ranked): string {
  const of = (by: Agreement["by"]) => agreements.find((a) => a.by === by)?.spearman ?? -1;
  const counted = Math.max(of("params"), of("macs"));
  return of("short") > counted
    ? "Short training ranks these networks better than counting params or MACs does."
    : "Short training ranks these networks NO better than counting params or MACs does.";
}

/** What short training says of long training, for eyes. */
export function rankedText(
  { meaning, found }: { readonly meaning: Meaning; readonly found: Ranked },
  width: number,
  style: ChalkInstance,
): string {
  const { space, data, fidelity } = meaning;
  const { short, repeats } = meaning.ranking!;
  const { cost, spread, picked } = found;
  const times = (of: keyof Effort) => (cost.long[of] / cost.short[of]).toFixed(1);
  const left =
    found.leftOut === 0 ? "" : `; ${found.leftOut} left out, as not all of their trainings ended well`;
  const rows: readonly (readonly [string, Spread])[] = [
    ["short", spread.short],
    ["long", spread.long],
  ];
  return [
    style.bold(
      `Short training against long: ${found.networks} networks of ${space.name}, each trained ${repeats} times both ways on ${data.name}${left}`,
    ),
    pairs([
      ["short", training(short, cost.short)],
      ["long", training(fidelity, cost.long)],
      ["", `${times("seconds")} times the time, ${times("macs")} times the MACs`],
    ]),
    "",
    table(
      [
        { title: "ranked by", of: (a) => words(a.by, repeats) },
        { title: "Spearman", of: (a) => number(a.spearman), right: true },
        { title: "95 %", of: (a) => range(a.spearmanInterval), right: true },
        { title: "Kendall", of: (a) => number(a.kendall), right: true },
        { title: "95 %", of: (a) => range(a.kendallInterval), right: true, drop: 1 },
      ],
      found.agreements,
      width,
    ),
    "",
    table(
      [
        { title: "accuracy's deviation", of: ([name]) => name },
        {
          title: "over repeats",
          of: ([, s]) => (s.repeats === null ? "" : showPercent(s.repeats)),
          right: true,
        },
        { title: "between networks", of: ([, s]) => showPercent(s.networks), right: true },
        {
          title: "variance over repeats / between",
          of: ([, s]) => (s.share === null ? "" : showPercent(s.share)),
          right: true,
        },
      ],
      rows,
      width,
    ),
    "",
    `The network that short training ranks first is number ${picked.rank} of ${found.networks} by long training, at ${showPercent(picked.accuracy)}; the best has ${showPercent(picked.best)}.`,
    verdict(found),
  ].join("\n");
}
