import type { Kernel } from "../graph/fuse.js";
import { familyOf } from "../latency/kernelTimes.js";

/** Kernels that differ in channels and map alone, in the order in which they are measured. */
export interface Family {
  readonly name: string;
  readonly kernels: readonly Kernel[];
}

const placeOf = ({ nodes: [anchor], output }: Kernel): readonly number[] =>
  [anchor!.inputs[0]!.channels, output.channels, output.height].map(Math.log);

/**
 * The smallest first, then the largest, then always the one farthest from all before it: wherever
 * measuring stops, what is measured is spread evenly over channels and maps.
 */
function spread(kernels: readonly Kernel[]): readonly Kernel[] {
  const places = new Map(kernels.map((kernel) => [kernel, placeOf(kernel)]));
  const sum = (kernel: Kernel) => places.get(kernel)!.reduce((a, b) => a + b, 0);
  const far = (a: Kernel, b: Kernel) =>
    places.get(a)!.reduce((d, v, i) => d + (v - places.get(b)![i]!) ** 2, 0);
  let rest = [...kernels].sort((a, b) => sum(a) - sum(b));
  const found: Kernel[] = [];
  const away = new Map(rest.map((kernel) => [kernel, Number.POSITIVE_INFINITY]));
  while (rest.length > 0) {
    const next = found.length === 0 ? rest[0]! : rest.reduce((a, b) => (away.get(b)! > away.get(a)! ? b : a));
    found.push(next);
    rest = rest.filter((kernel) => kernel !== next);
    for (const kernel of rest) away.set(kernel, Math.min(away.get(kernel)!, far(kernel, next)));
    if (found.length === 1 && rest.length > 0) {
      const last = rest.at(-1)!;
      found.push(last);
      rest = rest.slice(0, -1);
      for (const kernel of rest) away.set(kernel, Math.min(away.get(kernel)!, far(kernel, last)));
    }
  }
  return found;
}

/** Kernels by family, each in the order of measuring. */
export function familiesOf(kernels: Iterable<Kernel>): readonly Family[] {
  const found = new Map<string, Kernel[]>();
  for (const kernel of kernels) {
    const name = familyOf(kernel);
    const family = found.get(name);
    if (family === undefined) found.set(name, [kernel]);
    else family.push(kernel);
  }
  return [...found]
    .map(([name, members]) => ({ name, kernels: spread(members) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** How many of a family of n are measured before it is first asked whether the rest can be told from them. */
export const firstOf = (n: number): number => (n <= 6 ? n : Math.max(6, Math.ceil(n / 3)));
/** How many are measured then, to see whether they were told right. */
export const nextOf = (n: number): number => Math.max(3, Math.ceil(n / 6));
/** A family is left when the last ones measured had been told this well, all of them: within a share or a time. */
export const straight = { share: 0.05, ms: 0.003 } as const;
