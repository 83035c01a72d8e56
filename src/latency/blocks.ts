/**
 * What each operator of each layer of one space adds to a network's latency.
 *
 *     network = rest + Σ over layers of ms[layer][operator]
 *
 * Source of the form: Wu et al. 2019, FBNet, arXiv:1812.03443, §3.3: a table of blocks,
 * each taken to cost the same whatever stands before and behind it.
 */
export interface BlockTable {
  /** Name of the built-in space whose networks were measured. */
  readonly space: string;
  /** What a layer may be, as the space's genomes write it. */
  readonly operators: readonly string[];
  /** Milliseconds of what every network has: stem, head, the call, and each layer's skip. */
  readonly restMs: number;
  /** Milliseconds more than the layer's skip, 0 or more: a row a layer, a number an operator. */
  readonly ms: readonly (readonly number[])[];
}

/**
 * The operators of a network, one a layer, as numbers into `operators`.
 *
 * @param genome  canonical line of the table's space
 * @throws RangeError  when the line is of another space or has what the table does not
 */
export function operatorsOf(genome: string, { space, operators, ms }: BlockTable): readonly number[] {
  const numbers = genome
    .slice(genome.indexOf(":") + 1)
    .split("/")
    .map((block) => operators.indexOf(block));
  if (!genome.startsWith(`${space}:`) || numbers.length !== ms.length || numbers.includes(-1))
    throw new RangeError(`the table of ${space} has no "${genome}"`);
  return numbers;
}

/** The line of a network given by its operators' numbers, one a layer. */
export const genomeOf = (numbers: readonly number[], { space, operators }: BlockTable): string =>
  `${space}:${numbers.map((n) => operators[n]).join("/")}`;

/** Milliseconds of a network, one operator a layer. */
export const blocksMs = (numbers: readonly number[], { restMs, ms }: BlockTable): number =>
  numbers.reduce((sum, operator, layer) => sum + ms[layer]![operator]!, restMs);
