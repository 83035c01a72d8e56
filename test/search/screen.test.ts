import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Rng, stream } from "../../src/base/rng.js";
import { mean } from "../../src/base/stats.js";
import {
  filter,
  type ScoreOf,
  type Screened,
  screening,
  unscreened,
  warmUp,
} from "../../src/search/screen.js";
import { screeningOf } from "../../src/search/screened.js";
import { scored } from "./trials.js";

/** Genomes are numbers, and their score is the number. */
const draw = (rng: Rng): string => String(rng.below(10_000));
const scoreOf: ScoreOf = async (_, genome) => Number(genome);
const seed = 3;

const asked = async (screen: ReturnType<typeof unscreened>, count: number, ask = draw): Promise<string[]> => {
  const found: string[] = [];
  for (let n = 0; n < count; n++) found.push((await screen(n, ask)) as string);
  return found;
};

describe("warm-up", () => {
  const warm = (changes: Partial<Parameters<typeof warmUp>[0]> = {}) =>
    warmUp({
      proxy: "naswot",
      draws: 40,
      first: 5,
      seed,
      sample: draw,
      scoreOf,
      after: unscreened(seed),
      ...changes,
    });

  test("the first questions are the highest of the draws, the highest first; then the strategy's own", async () => {
    const drawn: string[] = [];
    const sample = (rng: Rng) => {
      drawn.push(String(rng.below(60)));
      return drawn.at(-1)!;
    };
    const found = await asked(warm({ sample }), 7);
    const different = [...new Set(drawn)];
    assert.equal(different.length, 40);
    const highest = different.map(Number).sort((a, b) => b - a);
    assert.deepEqual(found.slice(0, 5).map(Number), highest.slice(0, 5));
    assert.deepEqual(
      found.slice(5),
      [5, 6].map((n) => draw(stream(seed, "ask", n))),
    );
  });

  test("networks drawn twice are scored once, and a space of few networks ends the drawing", async () => {
    const few = (rng: Rng) => String(rng.below(3));
    let looked = 0;
    const counting: ScoreOf = (proxy, genome) => {
      looked++;
      return scoreOf(proxy, genome, null);
    };
    const found = await asked(warm({ sample: few, scoreOf: counting }), 5);
    assert.equal(looked, 3);
    assert.deepEqual(found.slice(0, 3), ["2", "1", "0"]);
  });

  test("networks without a score come last", async () => {
    const odd: ScoreOf = async (_, genome) =>
      Number(genome) % 2 === 1 ? Number.NEGATIVE_INFINITY : Number(genome);
    for (const genome of await asked(warm({ scoreOf: odd }), 5)) assert.equal(Number(genome) % 2, 0);
  });
});

describe("filter", () => {
  const filtered = (quantile: number, given = scoreOf) =>
    filter({ proxy: "naswot", quantile, seed, scoreOf: given });

  test("the first ten pass as they come; of the later ones those above the quantile, so that the mean goes up", async () => {
    const plain = await asked(unscreened(seed), 120);
    const half = await asked(filtered(0.5), 120);
    const high = await asked(filtered(0.9), 120);
    assert.deepEqual(half.slice(0, 10), plain.slice(0, 10));
    const level = (genomes: readonly string[]) => mean(genomes.slice(10).map(Number)) / 10_000;
    assert.ok(Math.abs(level(plain) - 0.5) < 0.08, `${level(plain)}`);
    assert.ok(Math.abs(level(half) - 0.75) < 0.08, `${level(half)}`);
    assert.ok(level(high) > 0.87, `${level(high)}`);
  });

  test("a candidate that passes at once is the one that would be asked without a filter", async () => {
    const plain = await asked(unscreened(seed), 60);
    const found = await asked(filtered(0.5), 60);
    assert.ok(found.filter((genome, n) => genome === plain[n]).length > 20);
  });

  test("a strategy that has no better candidate is asked ten times, and then has its best", async () => {
    const screen = filtered(0.9);
    await asked(screen, 50);
    let draws = 0;
    const poor = () => String(-(draws++ % 7) - 1);
    assert.equal(await screen(50, poor), "-1");
    assert.equal(draws, 10);
  });

  test("a network asked before passes, so that a schedule may train it longer, and nothing to ask stays nothing", async () => {
    const screen = filtered(0.9);
    const [first] = await asked(screen, 40, (rng) => String(rng.below(5_000)));
    await asked(screen, 20);
    const again = { genome: first!, epochs: 4 };
    let draws = 0;
    const promote = () => {
      draws++;
      return again;
    };
    assert.equal(await screen(60, promote), again);
    assert.equal(draws, 1);
    assert.equal(await screen(61, () => undefined), undefined);
  });
});

describe("screening", () => {
  const world = (recorded: Screened[] = []) => {
    const looked: string[] = [];
    const of = screening({
      recall: (number) => recorded.find((screened) => screened.number === number),
      async score(_, genome) {
        looked.push(genome);
        if (genome === "bad") return { status: "failed", why: "no finite score" };
        return { status: "scored", score: Number(genome), engine: null, seconds: 0.5 };
      },
      async record(screened) {
        recorded.push(screened);
      },
    });
    return { of, looked, recorded };
  };

  test("each network is looked at once, stored before it is told, and one without a score is the lowest", async () => {
    const { of, looked, recorded } = world();
    const found = [await of("naswot", "7", 3), await of("naswot", "7", 4), await of("naswot", "bad", 4)];
    assert.deepEqual(found, [7, 7, Number.NEGATIVE_INFINITY]);
    assert.deepEqual(looked, ["7", "bad"]);
    assert.deepEqual(recorded, [
      { number: 0, trial: 3, proxy: "naswot", genome: "7", score: 7, why: null, seconds: 0.5 },
      {
        number: 1,
        trial: 4,
        proxy: "naswot",
        genome: "bad",
        score: null,
        why: "no finite score",
        seconds: 0,
      },
    ]);
  });

  test("killed after any number of scores and begun again, the same questions come of the same ledger", async () => {
    const run = async (recorded: Screened[]) => {
      const { of, looked } = world(recorded);
      const own = filter({ proxy: "naswot", quantile: 0.5, seed, scoreOf: of });
      const screen = warmUp({
        proxy: "zen",
        draws: 12,
        first: 4,
        seed,
        sample: draw,
        scoreOf: of,
        after: own,
      });
      return { found: await asked(screen, 40), looked };
    };
    const whole: Screened[] = [];
    const expected = await run(whole);
    for (const kept of [0, 3, 12, 30, whole.length]) {
      const recorded = whole.slice(0, kept);
      const { found, looked } = await run(recorded);
      assert.deepEqual(found, expected.found);
      assert.deepEqual(recorded, whole);
      assert.equal(looked.length, whole.length - kept);
    }
  });

  test("a ledger of other candidates is refused", async () => {
    const { of } = world([
      { number: 0, trial: 0, proxy: "naswot", genome: "8", score: 8, why: null, seconds: 1 },
    ]);
    await assert.rejects(of("naswot", "7", 0), /candidate 0 of the ledger is another/);
  });

  test("what it came to is counted from the ledger", () => {
    const row = (number: number, trial: number | null, genome: string): Screened => ({
      ...{ number, trial, genome, proxy: "zen", score: 1, why: null, seconds: 0.5 },
    });
    const screened = [row(0, null, "a"), row(1, null, "b"), row(2, 0, "c"), row(3, 0, "d"), row(4, 1, "e")];
    const trials = [scored({ number: 0, genome: "d" }), scored({ number: 1, genome: "e" })];
    assert.deepEqual(screeningOf(screened, trials), { drawn: 2, looked: 3, redrawn: 1, seconds: 2.5 });
    assert.equal(screeningOf([], trials), undefined);
  });
});
