import type { Rng } from "../../base/rng.js";
import { type Node, nodes, paths } from "../../graph/node.js";
import type { Gene, Genome } from "../../space/space.js";
import type { Batch } from "../../train/engine.js";
import {
  type Candidate,
  type Choices,
  type Distribution,
  distributionOf,
  drawIndex,
  type LogitGradient,
  type Logits,
  zeroGradient,
} from "./architecture.js";
import type { Learner } from "./checkpoint.js";
import { gateGradients, mixtureOf } from "./mixture.js";
import { borrow, withTrainer } from "./network.js";
import { addLossGradient, binaryMixed, drawSeveral, filled, type Site, type Taken } from "./steps.js";
import { type Cut, cutsOf, levelsOf, type Nested, nestedOf } from "./superkernel.js";
import { byMargin, type Margins, marginsOf, putThresholds, shellsOn, sigmoidSlope } from "./threshold.js";
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

/** Add a gradient by what superkernels are drawn by to one by the decisions of the space. */
export function addSuperkernelGradient(
  to: LogitGradient,
  { free }: Superkernels,
  gradient: LogitGradient,
): void {
  for (const [name, values] of Object.entries(gradient)) {
    const others = free.get(name);
    values.forEach((g, v) => {
      const value = others === undefined ? v : others[v];
      if (value !== undefined) to[name]![value]! += g;
    });
  }
}

/** Of each nested decision, how far its shells are above their thresholds. */
export const readMargins = ({ nested, site }: Superkernels, parameters: Logits): readonly Margins[] =>
  nested.flat().map((one) => marginsOf(one, site.shared, parameters[one.name]!));

/** The network of some superkernels with the shells that are off cut away. */
export function decoded(
  { nested, site }: Superkernels,
  picked: readonly number[],
  margins: readonly Margins[],
): Genome {
  const values = new Map(margins.map((one) => [one.nested.name, one.values]));
  return picked.map((n, i): Gene => {
    const { gene } = site.choices.stages[i]![n]!;
    const choices = { ...gene.choices };
    for (const { name, choice, option, order } of nested[i]!) {
      const all = site.choices.space.stages[i]!.options[option]!.choices[choice]!;
      if (gene.depth > 0 && option === gene.option && choices[choice] === all[order.at(-1)!])
        choices[choice] = all[order[shellsOn(values.get(name)!)]!]!;
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
    readMargins(kernels, parameters),
  );
}

/** Whether each shell's own indicator is 1. */
export type Indicators = ReadonlyMap<string, readonly number[]>;

export const indicatorsOf = (margins: readonly Margins[]): Indicators =>
  new Map(margins.map(({ nested, values }) => [nested.name, values.map((x) => (x > 0 ? 1 : 0))]));

/** Nodes of a network after `start`, `end` the last. */
const between = (start: Node, end: Node): readonly Node[] => {
  const before = new Set(nodes(start));
  return nodes(end).filter((node) => !before.has(node));
};

/**
 * For each number of a superkernel the product of the indicators of its shell and those within.
 *
 * @returns  by level
 */
const products = (indicators: readonly number[]): readonly number[] => {
  let product = 1;
  return [1, ...indicators.map((d) => (product *= d))];
};

/**
 * Forward and backward through superkernels whose weights are multiplied by their indicators; the
 * gradient of an indicator is the sum of its shell's weights times theirs, on or off.
 *
 * @param indicators  of each nested decision's shells; 0 or 1, or anything between
 * @param into        where gradients of shared weights are added; absent: they are not wanted
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
  const { site, nested, known } = kernels;
  const { choices, builder, shared, plan } = site;
  const mixture = mixtureOf(choices, builder, taken);
  const network = borrow(mixture.out, shared, plan.rule.sharing, filled(mixture, coefficients));
  const path = paths(mixture.out);
  const bySlot = new Map(network.slots.map((slot) => [slot.path, slot]));
  const masked: { readonly name: string; readonly at: string; readonly levels: Uint8Array }[] = [];
  mixture.stages.forEach(({ start, ends }, i) => {
    ends.forEach((end, k) => {
      const number = taken[i]![k]!;
      const { gene } = choices.stages[i]![number]!;
      const key = `${i} ${number} ${start.shape}`;
      const found = known.get(key) ?? cutsOf(choices, builder, start, i, gene, nested[i]!);
      known.set(key, found);
      for (const { name, cuts } of found) {
        const byKey = new Map<string, Cut>(cuts.map((cut) => [cut.key, cut]));
        for (const node of between(start, end)) {
          const at = `${path.get(node)}/kernel`;
          const cut = byKey.get(bySlot.get(at)?.key ?? "");
          if (cut !== undefined) masked.push({ name, at, levels: levelsOf(cut) });
        }
      }
    });
  });
  /** Of one weight, the product of the indicators of all decisions but one. */
  const maskOf = (at: string, but?: string): Float32Array | undefined => {
    let mask: Float32Array | undefined;
    for (const one of masked) {
      if (one.at !== at || one.name === but) continue;
      const by = products(indicators.get(one.name)!);
      mask ??= new Float32Array(one.levels.length).fill(1);
      one.levels.forEach((level, n) => {
        mask![n]! *= by[level]!;
      });
    }
    return mask;
  };
  const whole = new Map<string, Float32Array>();
  for (const { at } of masked) {
    if (whole.has(at)) continue;
    const values = network.weights.get(at)!;
    whole.set(at, values);
    const mask = maskOf(at)!;
    network.weights.set(
      at,
      values.map((w, n) => w * mask[n]!),
    );
  }
  return withTrainer(site.engine, network, (trainer) => {
    const { loss, gradients, logits } = trainer.gradients(batch);
    site.held(trainer.heapBytes());
    const byIndicator = new Map([...indicators].map(([name, of]) => [name, of.map(() => 0)]));
    for (const { name, at, levels } of masked) {
      const others = maskOf(at, name);
      const by = gradients.get(at)!;
      const values = whole.get(at)!;
      const sums = [0, ...indicators.get(name)!].map(() => 0);
      levels.forEach((level, n) => {
        sums[level]! += by[n]! * values[n]! * (others?.[n] ?? 1);
      });
      const of = indicators.get(name)!;
      const to = byIndicator.get(name)!;
      of.forEach((_, shell) => {
        let product = of.slice(0, shell).reduce((a, b) => a * b, 1);
        for (let level = shell + 1; level < sums.length; level++) {
          to[shell]! += product * sums[level]!;
          product *= of[level] ?? 1;
        }
      });
    }
    if (into !== undefined) {
      const own = new Map(gradients);
      for (const at of whole.keys()) {
        const mask = maskOf(at)!;
        own.set(
          at,
          gradients.get(at)!.map((g, n) => g * mask[n]!),
        );
      }
      gather(into, shared, network.slots, own);
    }
    return { loss, logits, byCoefficient: gateGradients(mixture, gradients), byIndicator };
  });
}

/** A gradient by margins: the indicators', with the sigmoid's slope in place of the step's. */
export const throughSteps = ({ nested, values }: Margins, byIndicator: Indicators): readonly number[] =>
  byIndicator.get(nested.name)!.map((g, shell) => g * sigmoidSlope(values[shell]!));

/** The loss of a step on architecture parameters, and how its gradient joins that of the latency. */
export interface Held {
  readonly loss: number;
  /**
   * @param to         by logits; where nested decisions are, by their thresholds afterwards
   * @param factor     derivative of what is descended by the loss
   * @param advantage  the loss less its running mean
   */
  add(to: LogitGradient, factor: number, advantage: number): void;
}

/** A pass through two superkernels a stage, one of them let through. */
export async function heldStep(
  kernels: Superkernels,
  parameters: Logits,
  branches: number,
  batch: Batch,
  rng: Rng,
): Promise<Held> {
  const { site } = kernels;
  const distribution = superkernelDistribution(kernels, parameters);
  const taken = drawSeveral(site, distribution.candidates, branches, rng);
  const mixed = binaryMixed(distribution, taken, rng);
  const margins = readMargins(kernels, parameters);
  const indicators = indicatorsOf(margins);
  const found = await superkernelPass(kernels, batch, taken, mixed.coefficients, indicators);
  const { loss, byCoefficient, byIndicator } = found;
  return {
    loss,
    add(to, factor, advantage) {
      const drawn = zeroGradient(site.choices);
      addLossGradient(drawn, site, distribution, { taken, mixed, byCoefficient, factor, advantage });
      addSuperkernelGradient(to, kernels, drawn);
      for (const one of margins) {
        const through = throughSteps(one, byIndicator);
        putThresholds(
          to,
          one,
          byMargin(one, to[one.nested.name]!).map((g, shell) => g + factor * through[shell]!),
        );
      }
    },
  };
}
