import { UserError } from "./errors.js";

/** `multiLevelDilated` → `multi-level-dilated`, `rapidnet_ti` → `rapidnet-ti`. */
export const kebab = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replaceAll("_", "-")
    .toLowerCase();

/** An open set, as `import * as members` gives it: export name → member. */
export type Index<T> = Readonly<Record<string, T>>;

/** The names users type, sorted. */
export const names = (index: Index<unknown>): string[] => Object.keys(index).map(kebab).sort();

/** A member by the name users type; `_` and `-` are one. Undefined when there is none. */
export function find<T>(index: Index<T>, name: string): T | undefined {
  const wanted = kebab(name);
  const key = Object.keys(index).find((k) => kebab(k) === wanted);
  return key === undefined ? undefined : index[key];
}

/**
 * A member by the name users type.
 *
 * @throws UserError  naming the closest known name, and all of them
 */
export function lookup<T>(index: Index<T>, name: string, what: string): T {
  const found = find(index, name);
  if (found !== undefined) return found;
  throw new UserError(`unknown ${what} "${name}"`, didYouMean(name, names(index)));
}

/** "Did you mean x? Known: ..." for a name that is not in a list. */
export function didYouMean(name: string, known: readonly string[]): string {
  const guess = closest(name, known);
  return `${guess ? `Did you mean ${guess}? ` : ""}Known: ${known.join(", ")}.`;
}

/** The known name within a third of its letters of the one given, if any. */
export function closest(name: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((k) => ({ k, d: editDistance(kebab(name), kebab(k)) }))
    .filter(({ k, d }) => d <= Math.max(1, Math.floor(Math.max(k.length, name.length) / 3)))
    .sort((a, b) => a.d - b.d);
  return ranked[0]?.k;
}

/** Letters inserted, dropped, changed or swapped with their neighbour (optimal string alignment). */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const above = rows[i - 1]!;
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j]!, rows[i - 2]![j - 2]! + 1);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
