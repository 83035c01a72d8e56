import { readFileSync } from "node:fs";
import { exitCodes, UserError } from "../base/errors.js";
import { kendall, spearman, spearmanInterval } from "../base/rank.js";

/** Scores of networks by zero-cost proxies, beside the accuracy each was trained to. */
export interface ProxyTable {
  /** 0..1. */
  readonly accuracies: readonly number[];
  /** By proxy, one score a network, undefined where the table has no finite one. */
  readonly scores: ReadonlyMap<string, readonly (number | undefined)[]>;
}

/** How one proxy ranks networks, against their trained accuracy. */
export interface ProxyCorrelation {
  readonly proxy: string;
  /** Whether it only counts what a network costs: what a proxy must beat to be worth its time. */
  readonly isBaseline: boolean;
  /** Those it has a score of, which the correlations are over. */
  readonly networks: number;
  /** -1..1; null where all scores are equal. */
  readonly spearman: number | null;
  /** 95 % interval of that; null where it has none. */
  readonly spearmanInterval: readonly [low: number, high: number] | null;
  /** τ-b, -1..1; null where all scores are equal. */
  readonly kendall: number | null;
}

/** The table of proxies in the folder of NAS-Bench-201. */
export const proxyFile = "nasbench201_200ep_subset.csv";

const accuracyColumn = "cifar10_val_200ep";
const prefix = "c10_";
/** The table's own names of proxies, where ours differ. */
const renamed: Readonly<Record<string, string>> = { nwot: "naswot", jacov: "jacob_cov", flops: "macs" };
const baselines: readonly string[] = ["params", "macs"];

/**
 * Read a table of proxies: networks of NAS-Bench-201 with the validation accuracy after 200 epochs on
 * CIFAR-10 (`cifar10_val_200ep`, percent) and each proxy's score there (`c10_<proxy>`; nothing, or `-inf`,
 * where there is none).
 *
 * @throws UserError  when it cannot be read, lacks the accuracy or any proxy, or has what is no number
 *
 * Source of the scores: Krishnakumar et al. 2022, NAS-Bench-Suite-Zero, arXiv:2210.03230.
 */
export function readProxyTable(file: string): ProxyTable {
  const [head = "", ...lines] = read(file).trimEnd().split(/\r?\n/);
  const names = head.split(",");
  const proxies = names.filter((name) => name.startsWith(prefix));
  if (!names.includes(accuracyColumn)) throw unreadable(file, `has no column "${accuracyColumn}"`);
  if (proxies.length === 0) throw unreadable(file, `has no column that starts with "${prefix}"`);
  if (lines.length < 2) throw unreadable(file, "has fewer than two networks");
  const rows = lines.map((line) => line.split(","));
  const column = (name: string): readonly (number | undefined)[] => {
    const at = names.indexOf(name);
    return rows.map((row, i) => {
      const text = row[at]?.trim();
      if (text === "" || text === "-inf") return undefined;
      const value = Number(text);
      if (!Number.isFinite(value)) throw unreadable(file, `line ${i + 2} has no number under "${name}"`);
      return value;
    });
  };
  const accuracies = column(accuracyColumn).map((percent, i) => {
    if (percent !== undefined && percent >= 0 && percent <= 100) return percent / 100;
    throw unreadable(file, `line ${i + 2} has no percentage under "${accuracyColumn}"`);
  });
  const ours = (name: string) => renamed[name.slice(prefix.length)] ?? name.slice(prefix.length);
  return {
    accuracies,
    scores: new Map(proxies.map((name) => [ours(name), column(name)])),
  };
}

/** How each proxy of a table ranks the networks it has a score of, the best first. */
export const correlations = ({ accuracies, scores }: ProxyTable): readonly ProxyCorrelation[] =>
  [...scores]
    .map(([proxy, values]) => {
      const scored = accuracies.flatMap((accuracy, i) => {
        const score = values[i];
        return score === undefined ? [] : [{ accuracy, score }];
      });
      const sides = [scored.map((s) => s.score), scored.map((s) => s.accuracy)] as const;
      const rho = known(spearman(...sides));
      return {
        proxy,
        isBaseline: baselines.includes(proxy),
        networks: scored.length,
        spearman: rho,
        spearmanInterval: rho === null ? null : (spearmanInterval(rho, scored.length) ?? null),
        kendall: known(kendall(...sides)),
      };
    })
    .sort((a, b) => (b.spearman ?? -2) - (a.spearman ?? -2));

const known = (value: number): number | null => (Number.isNaN(value) ? null : value);

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw unreadable(file, `cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

const unreadable = (file: string, what: string): UserError =>
  new UserError(
    `${file} ${what}`,
    `Give a folder with ${proxyFile}: ${accuracyColumn} in percent and a column ${prefix}<proxy> for each proxy.`,
    exitCodes.data,
  );
