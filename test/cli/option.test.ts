import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { UserError } from "../../src/base/errors.js";
import { defineCommand, parse } from "../../src/cli/command.js";
import * as option from "../../src/cli/option.js";

const colours = { darkRed: 1, sea_green: 2 };

const options = {
  maxLatency: option.ms(undefined, "limit"),
  colour: option.member(colours, "dark-red", "colour"),
  size: option.word(["small", "large"], "small", "size"),
  trials: option.count(24, "trials"),
  least: option.count(undefined, "may be none", { least: 0, most: 9 }),
  seed: option.seed(1, "seed"),
  data: option.path(undefined, "folder", "dir"),
  json: option.json,
};

/** Parse these words for a command with those options. */
const read = (...argv: readonly string[]) =>
  parse({ summary: "", examples: [], options, run: async () => undefined }, argv);

/** The two lines of the error that these words make. */
function refused(...argv: readonly string[]): readonly [what: string, whatToDo: string, code: number] {
  try {
    read(...argv);
  } catch (error) {
    const { message, whatToDo, exitCode } = error as UserError;
    return [message, whatToDo, exitCode];
  }
  throw new Error(`${argv.join(" ")} was taken`);
}

test("A flag with a value is given once: neither the first nor the last one wins", () => {
  assert.deepEqual(refused("--size", "small", "--size", "large"), [
    "--size is given twice: small and large",
    "Give it once.",
    2,
  ]);
  assert.equal(read("--json", "--json").json, true);
});

test("Options that are not given have their fallbacks", () => {
  assert.deepEqual(read(), {
    colour: { name: "dark-red", value: 1 },
    size: "small",
    trials: 24,
    seed: 1,
  });
});

test("Options are read from --name value and --name=value; a dash and an underscore are one", () => {
  assert.deepEqual(
    read(
      "--colour",
      "sea_green",
      "--size=large",
      "--trials",
      "3",
      "--data",
      "x y",
      "--json",
      "--max-latency=2ms",
    ),
    {
      colour: { name: "sea-green", value: 2 },
      size: "large",
      trials: 3,
      seed: 1,
      data: "x y",
      json: true,
      maxLatency: 2,
    },
  );
});

test("Times have a unit, and come out in milliseconds", () => {
  const times: readonly [string, number][] = [
    ["1.0ms", 1],
    ["1ms", 1],
    ["0.001s", 1],
    ["250us", 0.25],
    ["250µs", 0.25],
    [".5 ms", 0.5],
    ["1e-3s", 1],
    ["2min", 120_000],
    ["0.5H", 1_800_000],
  ];
  for (const [text, ms] of times) assert.equal(read("--max-latency", text).maxLatency, ms, text);
});

test("A time that is none, is not above 0, or has no unit or an unknown one is refused", () => {
  assert.deepEqual(refused("--max-latency", "0"), [
    '--max-latency is "0"',
    "It must be above 0, such as 1.5ms.",
    2,
  ]);
  assert.match(refused("--max-latency", "-1ms")[1], /above 0/);
  assert.match(refused("--max-latency", "1")[1], /needs a unit: 1ms or 1s/);
  assert.match(refused("--max-latency", "1px")[1], /Units are us, ms, s, min, h, not "px"/);
  assert.match(refused("--max-latency", "fast")[1], /such as 1\.5ms/);
});

test("Quantities take a unit or none, in any case; memory takes decimal and binary ones", () => {
  const quantity = option.amount("x", "n", option.decimal);
  for (const [text, value] of [
    ["5M", 5e6],
    ["3.5k", 3500],
    ["300 m", 3e8],
    ["1200", 1200],
  ] as const)
    assert.equal(quantity.read(text, "--max-params"), value, text);
  const memory = option.amount("x", "size", option.bytes);
  assert.deepEqual(
    ["4MB", "4MiB", "512", "1kib"].map((text) => memory.read(text, "--max-memory")),
    [4e6, 4 * 2 ** 20, 512, 1024],
  );
  for (const text of ["0", "-1", "5Q", "M", "", "1e3"])
    assert.throws(() => quantity.read(text, "--max-params"), /--max-params is/, text);
});

test("Energies are in millijoules and need a unit", () => {
  const energy = option.mj("x");
  assert.deepEqual(
    ["5mJ", "0.005 J", "250uj", "2.5µJ"].map((text) => energy.read(text, "--max-energy")),
    [5, 5, 0.25, 0.0025],
  );
  for (const text of ["5", "0mJ", "5ms", "little"])
    assert.throws(() => energy.read(text, "--max-energy"), /--max-energy is/, text);
});

test("Lists are separated by commas and hold something", () => {
  assert.deepEqual(option.list("a", "x").read("a, b,,c", "--l"), ["a", "b", "c"]);
  assert.throws(() => option.list("a", "x").read(" , ", "--l"), /--l is/);
  assert.deepEqual(option.counts([1], "x").read("50,100", "--queries"), [50, 100]);
  assert.throws(() => option.counts([1], "x").read("50,0", "--queries"), /--queries is "0"/);
});

test("Counts are whole numbers within their range", () => {
  assert.equal(read("--least", "0").least, 0);
  for (const text of ["0", "-1", "1.5", "1e3", "", "many"])
    assert.deepEqual(refused("--trials", text), [
      `--trials is "${text}"`,
      "It is a whole number of at least 1.",
      2,
    ]);
  assert.match(refused("--least", "10")[1], /from 0 to 9/);
  assert.match(refused("--seed", String(2 ** 32))[1], /from 0 to 4294967295/);
});

test("Any count that is printed is read back, and any text never breaks the reader", () => {
  fc.assert(fc.property(fc.integer({ min: 1 }), (n) => read("--trials", String(n)).trials === n));
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        read(`--max-latency=${text}`);
      } catch (error) {
        assert.equal((error as Error).name, "UserError", String(error));
      }
    }),
  );
});

test("A name that is not known is answered with the closest", () => {
  assert.deepEqual(refused("--colour", "darkred"), [
    'unknown colour "darkred"',
    "Did you mean dark-red? Known: dark-red, sea-green.",
    2,
  ]);
  assert.match(refused("--size", "smal")[1], /Did you mean small\?/);
});

test("An unknown flag, a missing value and a word too many are usage errors that say where to look", () => {
  assert.deepEqual(refused("--trails", "3"), [
    'unknown flag "--trails"',
    "Did you mean --trials? See nas --help.",
    2,
  ]);
  assert.match(refused("--trials")[0], /"--trials <n>" argument missing/);
  assert.match(refused("word")[0], /too many arguments/);
  assert.match(refused("--data", "")[0], /--data is ""/);
});

test("What is required must be given", () => {
  const command = defineCommand({
    summary: "",
    examples: [],
    arguments: { file: option.required(option.path(undefined, "file")), more: option.text("x", "more") },
    options: { target: option.required(option.member(colours, undefined, "target")) },
    run: async () => undefined,
  });
  assert.throws(() => parse(command, ["a"]), /required flag "--target <name>" not specified/);
  assert.throws(() => parse(command, ["--target", "dark-red"]), /missing required argument "file"/);
  assert.deepEqual(parse(command, ["a", "--target", "dark-red"]), {
    file: "a",
    more: "x",
    target: { name: "dark-red", value: 1 },
  });
});
