import type { Rng } from "../../base/rng.js";
import { formatGenome } from "../../space/candidate.js";
import { decisionsOf } from "../../space/compose.js";
import { geneAt, geneCount } from "../../space/gene.js";
import type { Gene, Genome, Space } from "../../space/space.js";

/** One gene a stage may have. */
export interface Candidate {
  readonly gene: Gene;
  /** As a genome's line writes it. */
  readonly text: string;
  /** What it decides, of what is open in its stage. */
  readonly decisions: readonly { readonly name: string; readonly index: number }[];
  /** It has no learned weight of its own, or is left out: what a search collapses to. */
  readonly isFree: boolean;
}

/** Every gene of every stage of a space, and the decisions they are made of. */
export interface Choices {
  readonly space: Space;
  readonly stages: readonly (readonly Candidate[])[];
  /** How many values each decision has, by name, as `compose` names them. */
  readonly decisions: ReadonlyMap<string, number>;
}

/** Genes a stage may have at most, for a supernet to be trained on all of them. */
const mostGenes = 20_000n;

/** @throws RangeError  when a stage has too many genes to be listed */
export function choicesOf(space: Space): Choices {
  const decisions = new Map<string, number>();
  const stages = space.stages.map((spec) => {
    const alone: Space = { ...space, stages: [spec] };
    const count = geneCount(spec);
    if (count > mostGenes) throw new RangeError(`stage ${spec.name} has ${count} genes`);
    return Array.from({ length: Number(count) }, (_, n): Candidate => {
      const gene = geneAt(spec, BigInt(n));
      const made = decisionsOf(alone, [gene]);
      for (const { name, values } of made) decisions.set(name, values);
      return {
        gene,
        text: formatGenome(alone, [gene]).slice(space.name.length + 1),
        decisions: made.map(({ name, index }) => ({ name, index })),
        isFree: gene.depth === 0 || spec.options[gene.option]!.block === "skip",
      };
    });
  });
  return { space, stages, decisions };
}

/** Architecture parameters: a logit for each value of each decision, by name. */
export type Logits = { readonly [decision: string]: readonly number[] };

/**
 * All candidates of a stage equally likely, as papers begin: a value's logit is the logarithm of how many candidates
 * have it. Were values equally likely, a block without choices would be as likely as all of another's together.
 */
export function evenLogits(choices: Choices): Logits {
  const counts = zeroGradient(choices);
  for (const { decisions } of choices.stages.flat())
    for (const { name, index } of decisions) counts[name]![index]! += 1;
  return Object.fromEntries(Object.entries(counts).map(([name, of]) => [name, of.map(Math.log)]));
}

export function softmax(logits: readonly number[]): readonly number[] {
  const most = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/** The distribution that architecture parameters stand for: decisions independent, each a softmax. */
export interface Distribution {
  /** Of each decision's values. */
  readonly values: { readonly [decision: string]: readonly number[] };
  /** Of each stage's candidates, in their order; a stage's sum is 1. */
  readonly candidates: readonly (readonly number[])[];
}

export function distributionOf(choices: Choices, logits: Logits): Distribution {
  const values = Object.fromEntries(Object.entries(logits).map(([name, of]) => [name, softmax(of)]));
  return {
    values,
    candidates: choices.stages.map((stage) =>
      stage.map(({ decisions }) => decisions.reduce((p, { name, index }) => p * values[name]![index]!, 1)),
    ),
  };
}

/** What is to be added to a gradient by logits, by decision. */
export type LogitGradient = { readonly [decision: string]: number[] };

export const zeroGradient = ({ decisions }: Choices): LogitGradient =>
  Object.fromEntries([...decisions].map(([name, values]) => [name, Array<number>(values).fill(0)]));

/** Add `factor` times the gradient of ln p(candidate) by the logits of what it decides. */
export function addLogGradient(
  to: LogitGradient,
  { values }: Distribution,
  { decisions }: Pick<Candidate, "decisions">,
  factor: number,
): void {
  for (const { name, index } of decisions) {
    const sums = to[name]!;
    values[name]!.forEach((p, value) => {
      sums[value]! += factor * ((value === index ? 1 : 0) - p);
    });
  }
}

/** The number of one candidate, drawn with these weights, which need not sum to 1. */
export function drawIndex(weights: readonly number[], rng: Rng): number {
  const total = weights.reduce((a, b) => a + b, 0);
  let rest = rng.float() * total;
  for (let i = 0; i < weights.length; i++) {
    rest -= weights[i]!;
    if (rest < 0 && weights[i]! > 0) return i;
  }
  return weights.findLastIndex((weight) => weight > 0);
}

export const genomeOf = (choices: Choices, picked: readonly number[]): Genome =>
  picked.map((n, i) => choices.stages[i]![n]!.gene);

export const lineOf = (choices: Choices, picked: readonly number[]): string =>
  `${choices.space.name}:${picked.map((n, i) => choices.stages[i]![n]!.text).join("/")}`;
