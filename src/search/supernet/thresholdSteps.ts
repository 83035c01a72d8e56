import type { Rng } from "../../base/rng.js";
import type { Node } from "../../graph/node.js";
import type { Gene, Genome } from "../../space/space.js";
import type { Batch } from "../../train/engine.js";
import {
  type Candidate,
  type Choices,
  type Distribution,
  distributionOf,
  drawIndex,
  type Logits,
} from "./architecture.js";
import type { Learner } from "./checkpoint.js";
import { byIndicatorOf, factorsOf, type Indicators, masksOf, multiplied } from "./masks.js";
import { mixtureOf } from "./mixture.js";
import { borrow, withTrainer } from "./network.js";
import { filled, type Site, type Taken } from "./steps.js";
import { cutsOf, type Nested, nestedOf } from "./superkernel.js";
import { addThroughNorms, type Margins, marginsOf, sharesOf, shellsOn, throughSteps } from "./threshold.js";
import { type Gradients, gather } from "./weights.js";

/**
 * A space whose nested decisions are all at their largest values: what is left to choose among are the
 * superkernels. Its choices and latencies are those of the space, of fewer candidates.
 */
export interface Superkernels {
  readonly site: Site;
  /** By stage. */
  readonly nested: readonly (readonly Nested[])[];
  /** Of each decision only some of whose values are nested: the others' indices. */
  readonly free: ReadonlyMap<string, readonly number[]>;
  /** Cuts of the superkernels met so far. */
  readonly known: Map<string, ReturnType<typeof cutsOf>>;
}

/** A candidate as one of the superkernels; undefined where a nested decision is not at its largest value. */
function lifted(candidate: Candidate, byName: ReadonlyMap<string, Nested>, free: Superkernels["free"]) {
  const decisions: Candidate["decisions"][number][] = [];
  for (const decision of candidate.decisions) {
    const order = byName.get(decision.name)?.order;
    const others = free.get(decision.name);
    if (order === undefined) decisions.push(decision);
    else if (!order.includes(decision.index))
      decisions.push({ ...decision, index: others!.indexOf(decision.index) });
    else if (decision.index !== order.at(-1)) return undefined;
    else if (others !== undefined) decisions.push({ ...decision, index: others.length });
  }
  return { ...candidate, decisions };
}

/** The nested decisions this thread last looked for: finding them builds hundreds of stages, and epochs follow each other. */
let last: { readonly of: string; readonly nested: readonly (readonly Nested[])[] } | undefined;

function nestedIn({ choices, builder, plan: { space, proxy } }: Pick<Site, "choices" | "builder" | "plan">) {
  const of = JSON.stringify([space, proxy]);
  if (last?.of !== of) last = { of, nested: nestedOf(choices, builder) };
  return last.nested;
}

/** A learner whose thresholds are at their beginning, with superkernels as likely as the candidates they hold together. */
export function withThresholds(learner: Learner, site: Pick<Site, "choices" | "builder" | "plan">): Learner {
  const logits: { [name: string]: readonly number[] } = { ...learner.logits };
  for (const { name, order } of nestedIn(site).flat()) {
    const all = logits[name]!;
    const together = Math.log(order.reduce((sum, value) => sum + Math.exp(all[value]!), 0));
    logits[name] = all.map((logit, value) => (order.includes(value) ? 0 : logit - together));
  }
  return { ...learner, logits };
}

export function superkernelsOf(site: Site): Superkernels {
  const { choices, plan } = site;
  const nested = nestedIn(site);
  const byName = new Map(nested.flat().map((one) => [one.name, one]));
  const free = new Map<string, readonly number[]>();
  const decisions = new Map(choices.decisions);
  for (const { name, order } of byName.values()) {
    const others = Array.from({ length: decisions.get(name)! }, (_, v) => v).filter(
      (v) => !order.includes(v),
    );
    if (others.length > 0) free.set(name, others);
    if (others.length > 0) decisions.set(name, others.length + 1);
    else decisions.delete(name);
  }
  const all = choices.stages.map((stage) => stage.map((candidate) => lifted(candidate, byName, free)));
  const stages = all.map((stage) => stage.filter((candidate) => candidate !== undefined));
  const steps = plan.latency.steps.map((rows, i) =>
    rows.map((row) => row.filter((_, c) => all[i]![c] !== undefined)),
  );
  const reduced: Choices = { ...choices, stages, decisions };
  return {
    ...{ nested, free, known: new Map() },
    site: { ...site, choices: reduced, plan: { ...plan, latency: { ...plan.latency, steps } } },
  };
}

/** The cuts of a superkernel behind what it reads. */
function cutsAt({ site, nested, known }: Superkernels, start: Node, i: number, candidate: number) {
  const key = `${i} ${candidate} ${start.shape}`;
  const { gene } = site.choices.stages[i]![candidate]!;
  const found = known.get(key) ?? cutsOf(site.choices, site.builder, start, i, gene, nested[i]!);
  known.set(key, found);
  return found;
}

/** How the superkernels are drawn: by what is not nested. */
export function superkernelDistribution({ site, free }: Superkernels, parameters: Logits): Distribution {
  const logits = Object.fromEntries(
    [...site.choices.decisions.keys()].map((name) => {
      const others = free.get(name);
      return [
        name,
        others === undefined ? parameters[name]! : [...others.map((v) => parameters[name]![v]!), 0],
      ];
    }),
  );
  return distributionOf(site.choices, logits);
}

/** Of each nested decision, how far its shells are above their thresholds. */
export const readMargins = ({ nested, site }: Superkernels, parameters: Logits): readonly Margins[] =>
  nested.flat().map((one) => marginsOf(one, site.shared, parameters[one.name]!));

/** Of shells with these margins, so many on. */
const firstOf = (values: readonly number[], on: number): readonly number[] =>
  values.map((_, shell) => (shell < on ? 1 : 0));

/** Which shells are on: those whose norms, and those of all within, are above their thresholds. */
export const indicatorsOf = (margins: readonly Margins[]): Indicators =>
  new Map(margins.map(({ nested, values }) => [nested.name, firstOf(values, shellsOn(values))]));

/**
 * Shells that are on with the probabilities that the sigmoids give, so that steps are on the networks that the
 * latency is the mean over: a shell that was always off would not learn, and the slope of one that was always on is
 * near 0 wherever weights have learned with it, whatever it is worth.
 */
const drawnIndicators = (margins: readonly Margins[], rng: Rng): Indicators =>
  new Map(
    margins.map(({ nested, values }) => [nested.name, firstOf(values, drawIndex(sharesOf(values), rng))]),
  );

/** The network of some superkernels with the shells that are off cut away. */
export function decoded(
  { nested, site }: Superkernels,
  picked: readonly number[],
  indicators: Indicators,
): Genome {
  return picked.map((n, i): Gene => {
    const { gene } = site.choices.stages[i]![n]!;
    const choices = { ...gene.choices };
    for (const { name, choice, option, order } of nested[i]!) {
      const all = site.choices.space.stages[i]!.options[option]!.choices[choice]!;
      if (gene.depth > 0 && option === gene.option && choices[choice] === all[order.at(-1)!])
        choices[choice] = all[order[indicators.get(name)!.lastIndexOf(1) + 1]!]!;
    }
    return { ...gene, choices };
  });
}

/** A network of superkernels drawn, as steps on weights train them. */
export function drawnSuperkernels(kernels: Superkernels, parameters: Logits, rng: Rng): Genome {
  const { candidates } = superkernelDistribution(kernels, parameters);
  return decoded(
    kernels,
    candidates.map((p) => drawIndex(p, rng)),
    drawnIndicators(readMargins(kernels, parameters), rng),
  );
}

/**
 * Forward and backward through superkernels whose weights are multiplied by their indicators.
 *
 * @param indicators  of each nested decision's shells; 0 or 1, or anything between
 * @param into        where gradients of shared weights are added; absent: they are not wanted
 * @returns           the loss, the logits, and the gradient of each indicator, on or off
 *
 * Source: Stamoulis et al. 2019, Single-Path NAS, arXiv:1904.02877, eq. 5 and 7.
 */
export async function superkernelPass(
  kernels: Superkernels,
  batch: Batch,
  taken: Taken,
  coefficients: Taken,
  indicators: Indicators,
  into?: Gradients,
) {
  const { choices, builder, shared, plan, engine, held } = kernels.site;
  const mixture = mixtureOf(choices, builder, taken);
  const network = borrow(mixture.out, shared, plan.rule.sharing, filled(mixture, coefficients));
  const masks = masksOf(mixture, network.slots, (start, i, k) => cutsAt(kernels, start, i, taken[i]![k]!));
  const factors = factorsOf(masks, indicators);
  const weights = new Map([...network.weights, ...multiplied(network.weights, factors)]);
  return withTrainer(engine, { ...network, weights }, (trainer) => {
    const { loss, gradients, logits } = trainer.gradients(batch);
    held(trainer.heapBytes());
    if (into !== undefined)
      gather(into, shared, network.slots, new Map([...gradients, ...multiplied(gradients, factors)]));
    return {
      ...{ loss, logits },
      byIndicator: byIndicatorOf(masks, indicators, network.weights, gradients),
    };
  });
}

/**
 * The loss of one superkernel a stage, cut down to shells that are drawn, and its gradient by weights, which
 * follow it through their norms, too.
 */
export async function superkernelStep(
  kernels: Superkernels,
  parameters: Logits,
  taken: Taken,
  batch: Batch,
  into: Gradients,
  rng: Rng,
): Promise<number> {
  const margins = readMargins(kernels, parameters);
  const alone = taken.map(() => [1]);
  const found = await superkernelPass(kernels, batch, taken, alone, drawnIndicators(margins, rng), into);
  for (const one of margins)
    addThroughNorms(
      into,
      kernels.site.shared,
      one,
      throughSteps(one, found.byIndicator.get(one.nested.name)!),
    );
  return found.loss;
}
