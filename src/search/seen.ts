/**
 * A set that is never changed: adding gives another, and both stay as they are.
 * Held as sets of doubling size, so adding costs O(log n) on average and looking up O(log n).
 */
export type Seen = readonly ReadonlySet<string>[];

export const nothingSeen: Seen = [];

export const hasSeen = (seen: Seen, item: string): boolean => seen.some((part) => part.has(item));

export function see(seen: Seen, item: string): Seen {
  if (hasSeen(seen, item)) return seen;
  const kept = [...seen];
  const merged = new Set([item]);
  while (kept.length > 0 && kept.at(-1)!.size <= merged.size) for (const old of kept.pop()!) merged.add(old);
  return [...kept, merged];
}
