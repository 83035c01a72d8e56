import { median } from "../src/base/stats.js";

/** Something whose speed is measured, turn by turn. */
export interface Contestant {
  readonly name: string;
  /** Train for a while: images a second. */
  turn(): Promise<number>;
}

/** Images a second of each contestant in each round. All have their turn in a round before the next begins. */
export async function alternate(
  contestants: readonly Contestant[],
  rounds: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const speeds = new Map<string, number[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const { name, turn } of contestants) speeds.get(name)!.push(await turn());
  return speeds;
}

/** Median over the rounds of a round's ratio: what slows the machine for a while slows both. */
export const pairedRatio = (a: readonly number[], b: readonly number[]): number =>
  median(a.map((speed, round) => speed / b[round]!));

/** An engine beside one peer, or beside none. */
export interface Result {
  readonly network: string;
  readonly engine: string;
  readonly workers: number;
  /** Median over the rounds, as is the peer's. */
  readonly imagesPerSecond: number;
  readonly peer: string | null;
  readonly peerImagesPerSecond: number | null;
  /** Median of the rounds' ratios, which need not be the ratio of the medians. */
  readonly ratio: number | null;
}

/** One result for each peer; without any, one that has none. */
export function resultsOf(
  who: Pick<Result, "network" | "engine" | "workers">,
  speeds: readonly number[],
  peers: ReadonlyMap<string, readonly number[]>,
): readonly Result[] {
  const imagesPerSecond = rounded(median(speeds));
  if (peers.size === 0)
    return [{ ...who, imagesPerSecond, peer: null, peerImagesPerSecond: null, ratio: null }];
  return [...peers].map(([peer, theirs]) => ({
    ...who,
    imagesPerSecond,
    peer,
    peerImagesPerSecond: rounded(median(theirs)),
    ratio: rounded(pairedRatio(speeds, theirs)),
  }));
}

/** Four digits: more would be noise. */
export const rounded = (value: number): number => Number(value.toPrecision(4));
