import { exitCodes, UserError } from "../../base/errors.js";
import { stream } from "../../base/rng.js";
import { parseGenome } from "../../space/candidate.js";
import { decisionsOf } from "../../space/compose.js";
import type { Draw } from "../feasible.js";
import { choicesOf, distributionOf, drawIndex, lineOf } from "./architecture.js";
import { likeliest } from "./derive.js";
import type {
  Derivation,
  EpochAnswer,
  ScoreAnswer,
  SupernetAnswer,
  SupernetPlan,
  SupernetQuestion,
} from "./question.js";

/** An answer as the ledger keeps it. */
export interface Answered {
  /** In the order asked, from 0. */
  readonly number: number;
  /** What was asked, in words: `epoch 3`, `loss rapidnet:...`. */
  readonly question: string;
  readonly answer: EpochAnswer | ScoreAnswer;
}

/** What training a supernet to its end needs. */
export interface SupernetRun {
  readonly plan: SupernetPlan;
  readonly derivation: Derivation;
  /** Networks to derive. */
  readonly networks: number;
  /** So many of them, the first, are drawn evenly, to see whether the supernet ranks them. */
  readonly trust: number;
  /** Of checkpoints. */
  readonly folder: string;
  draw(): Draw;
  ask(question: SupernetQuestion): Promise<SupernetAnswer>;
  /** The stored answer of a number, if any. */
  recall(number: number): Answered | undefined;
  /** Store an answer; it is safe once this resolves. */
  record(answered: Answered): Promise<void>;
  /** Called when an epoch is stored: no other checkpoints are needed any more. */
  prune(kept: readonly string[]): Promise<void>;
  /** Called with each answer in order; `isNew` when it was not in the ledger. */
  onAnswer(answered: Answered, isNew: boolean): void;
}

const wordsOf = (question: SupernetQuestion): string =>
  question.kind === "epoch" ? `epoch ${question.epoch}` : `loss ${question.genome}`;

/** Draws of one network before an even one is taken. */
const patience = 500;
/** Draws in a row that bring nothing new before the distribution drawn from is evened out. */
const fruitless = 50;

/**
 * Train a supernet, epoch by epoch, and derive networks from it. Every answer is stored before
 * the next question hangs on it, and stored answers are not asked again; so there is no resume in it.
 *
 * @returns genomes within the limits: those drawn evenly, then the derived, the most promising first
 * @throws UserError  when the supernet diverges, or the ledger is of another version
 */
export async function trainSupernet(run: SupernetRun): Promise<readonly string[]> {
  const { plan, folder } = run;
  let asked = 0;
  const put = async (question: SupernetQuestion): Promise<EpochAnswer | ScoreAnswer> => {
    const number = asked++;
    const words = wordsOf(question);
    const stored = run.recall(number);
    if (stored !== undefined) {
      if (stored.question !== words)
        throw new UserError(
          `answer ${number} of the supernet is of "${stored.question}", this version asks "${words}"`,
          "The run was made by another version of nas; start a new one.",
        );
      run.onAnswer(stored, false);
      return stored.answer;
    }
    const answer = await run.ask(question);
    if (answer.kind === "failed")
      throw new UserError(
        `the supernet failed: ${answer.why}`,
        "Try fewer branches, a larger batch, or another strategy.",
        exitCodes.runtime,
      );
    const answered: Answered = { number, question: words, answer };
    await run.record(answered);
    run.onAnswer(answered, true);
    return answer;
  };

  let last: EpochAnswer | undefined;
  for (let epoch = 0; epoch < plan.rule.epochs; epoch++) {
    const from = last?.checkpoint ?? null;
    const isNew = run.recall(asked) === undefined;
    last = (await put({ kind: "epoch", plan, folder, epoch, from })) as EpochAnswer;
    if (isNew) await run.prune([last.checkpoint]);
  }
  const { checkpoint } = last!;
  const score = async (genome: string): Promise<number> =>
    ((await put({ kind: "score", plan, folder, checkpoint, genome })) as ScoreAnswer).loss;

  const even = evenly(run);
  await inTurn(even, score);
  const found =
    run.derivation.by === "evolution"
      ? await evolved(run, run.derivation, score)
      : await likely(run, run.derivation, last!, score);
  const derived = found.filter((genome) => !even.includes(genome)).slice(0, run.networks - even.length);
  return [...even, ...derived];
}

/** Questions are numbered as they are asked, and answered side by side. */
const inTurn = (genomes: readonly string[], score: (genome: string) => Promise<number>) =>
  Promise.all(genomes.map(score));

/** Networks drawn evenly, all different. They come first, so that a larger budget changes none of them. */
function evenly({ plan, trust, draw }: SupernetRun): readonly string[] {
  const found = new Set<string>();
  for (let i = 0; found.size < trust && i < patience + trust; i++)
    found.add(draw().moves.sample(stream(plan.seed, "trust", i)));
  return [...found];
}

/**
 * The likeliest network within the limit, then the best by shared loss of a few that are drawn; where more are
 * wanted than are compared, further draws. A distribution that is so sure that it draws nothing new is evened out,
 * its probabilities' square roots taken, until it does.
 *
 * Source of drawing several: Wu et al. 2019, FBNet, arXiv:1812.03443, §4.2.
 *
 * @returns most promising first
 */
async function likely(
  { plan, networks, draw }: SupernetRun,
  { compared }: { readonly compared: number },
  { logits }: EpochAnswer,
  score: (genome: string) => Promise<number>,
): Promise<readonly string[]> {
  const choices = choicesOf(plan.space);
  const distribution = distributionOf(choices, logits);
  const { moves } = draw();
  const found: string[] = [];
  const note = (genome: string): void => {
    if (!found.includes(genome) && moves.fits(genome)) found.push(genome);
  };
  const best = likeliest(plan.latency, distribution, plan.limitMs);
  if (best !== undefined) note(lineOf(choices, best));
  const first = found.length;
  const most = Math.max(compared, networks);
  let [exponent, since] = [1, 0];
  for (let i = 0; found.length < most && i < patience * most; i++) {
    const rng = stream(plan.seed, "derive", i);
    const before = found.length;
    const drawn = distribution.candidates.map((p) =>
      drawIndex(
        p.map((weight) => weight ** exponent),
        rng,
      ),
    );
    note(lineOf(choices, drawn));
    since = found.length > before ? 0 : since + 1;
    if (since < fruitless) continue;
    exponent /= 2;
    since = 0;
  }
  const losses = await inTurn(found, score);
  const loss = new Map(found.map((genome, i) => [genome, losses[i]!]));
  const ranked = found.slice(first, compared).sort((a, b) => loss.get(a)! - loss.get(b)!);
  return [...found.slice(0, first), ...ranked, ...found.slice(compared)];
}

/** Share of a generation that are parents, and probability that a stage's gene is made anew. */
const [parentShare, mutationShare] = [0.2, 0.1];

/**
 * Evolution over shared losses: parents are the best so far; half of the children are mutants,
 * half crossovers, and what is known already is drawn afresh.
 *
 * Source: Guo et al. 2019, SPOS, arXiv:1904.00420, algorithm 1.
 *
 * @returns all that were scored, best first
 */
async function evolved(
  { plan, draw }: SupernetRun,
  { population, generations }: { readonly population: number; readonly generations: number },
  score: (genome: string) => Promise<number>,
): Promise<readonly string[]> {
  const { moves } = draw();
  const known = new Map<string, number>();
  const byScore = () => [...known].sort(([, a], [, b]) => a - b).map(([genome]) => genome);
  for (let generation = 0; generation < generations; generation++) {
    const parents = byScore().slice(0, Math.max(2, Math.round(population * parentShare)));
    const next: string[] = [];
    for (let i = 0; next.length < population && i < patience * population; i++) {
      const rng = stream(plan.seed, "evolve", generation, i);
      const genome =
        generation === 0 || i >= 10 * population
          ? moves.sample(rng)
          : i % 2 === 0
            ? mutated(rng.pick(parents), rng)
            : moves.crossover(rng.pick(parents), rng.pick(parents), rng);
      if (!known.has(genome) && !next.includes(genome)) next.push(genome);
      if (BigInt(known.size + next.length) === moves.size) break;
    }
    const scores = await inTurn(next, score);
    next.forEach((genome, i) => {
      known.set(genome, scores[i]!);
    });
  }
  return byScore();

  function mutated(genome: string, rng: ReturnType<typeof stream>): string {
    const decisions = decisionsOf(plan.space, parseGenome(plan.space, genome)).length;
    const times = Math.max(1, Math.round(decisions * mutationShare));
    let at = genome;
    for (let i = 0; i < times; i++) at = moves.mutate(at, rng);
    return at;
  }
}
