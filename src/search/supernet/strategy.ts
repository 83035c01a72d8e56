import { UserError } from "../../base/errors.js";
import { lookup } from "../../base/lookup.js";
import type { Options, Strategy } from "../strategy.js";
import { latencyLosses } from "./latencyLoss.js";
import type { SupernetSpec } from "./question.js";
import type { Sharing } from "./sharing.js";

/** Options that every strategy with a supernet has. */
export interface SupernetOptions extends Options {
  /** Of the supernet, over the run's images. */
  readonly epochs: number;
  /** How many of the trials are networks drawn evenly, to see whether shared accuracies rank networks. */
  readonly trust: number;
}

const sharings: { readonly [K in Sharing]: K } = { choices: "choices", slices: "slices" };

const wholes: readonly string[] = ["epochs", "warm-up", "branches", "population", "generations", "trust"];

function check(options: Options): void {
  for (const [name, value] of Object.entries(options)) {
    const least = name === "trust" || name === "warm-up" ? 0 : name === "branches" ? 2 : 1;
    if (wholes.includes(name) && !(Number.isInteger(value) && (value as number) >= least))
      throw new UserError(`${name} is ${value}`, `It must be a whole number from ${least} up.`);
    if (name === "rate" && !((value as number) > 0))
      throw new UserError(`rate is ${value}`, "It must be above 0.");
    if (name === "sharing") lookup(sharings, String(value), "way of sharing");
    if (name === "loss") lookup(latencyLosses, String(value), "latency loss");
  }
  const { epochs, "warm-up": warmUp } = options;
  if (warmUp !== undefined && (warmUp as number) >= (epochs as number))
    throw new UserError(
      `warm-up is ${warmUp} of ${epochs} epochs`,
      "Architecture parameters need an epoch after it.",
    );
}

/**
 * A strategy that trains a supernet first and then asks for the networks derived from it, the most
 * promising first, each trained on its own: only that gives `proxy` accuracies, which compare with
 * other strategies'. When they are all asked, or where there is no supernet (a benchmark), it draws
 * evenly, which is what it knows before training.
 *
 * state  how many trials it was told
 */
export function supernetStrategy<O extends SupernetOptions>(given: {
  readonly summary: string;
  readonly defaults: O;
  supernet(options: O): SupernetSpec;
}): Strategy<number, O> {
  return {
    summary: given.summary,
    defaults: () => given.defaults,
    check,
    randomDraws: ({ trust }) => trust,
    init: () => 0,
    ask: (told, { moves, rng, pending, derived }) => derived?.[told + pending.length] ?? moves.sample(rng),
    tell: (told) => told + 1,
    supernet: given.supernet,
  };
}
