import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../../src/base/errors.js";
import { lookup } from "../../src/base/lookup.js";
import { checkProxies } from "../../src/cli/checkProxies.js";
import { screensOf, searchOptions } from "../../src/cli/searchOptions.js";
import * as strategies from "../../src/search/strategies/index.js";
import type { Strategy } from "../../src/search/strategy.js";

const objective = (text: string) => searchOptions.objective.read(text, "--objective");

test("an objective is accuracy, or a proxy by either way of writing it, first; then costs", () => {
  assert.deepEqual(objective("accuracy,latency"), { objectives: ["accuracy", "latency"] });
  assert.deepEqual(objective("synflow"), { objectives: ["score"], proxy: "synflow" });
  assert.deepEqual(objective("Grad-Norm, macs,latency"), {
    objectives: ["score", "macs", "latency"],
    proxy: "grad_norm",
  });
  assert.deepEqual(searchOptions.objective.fallback, { objectives: ["accuracy"] });
  for (const text of [
    "latency",
    "params,latency",
    "accuracy,synflow",
    "synflow,naswot",
    "zen,latency,latency",
    "score",
  ])
    assert.throws(() => objective(text), UserError, text);
  assert.throws(() => objective("synflwo"), /unknown objective "synflwo"/);
});

const nothing = { warmUp: undefined, warmUpDraws: undefined, filter: undefined, filterQuantile: undefined };

test("a warm-up and a filter have their defaults, keep what a run has, and need their proxy", () => {
  assert.deepEqual(screensOf(nothing), {});
  assert.deepEqual(screensOf({ ...nothing, warmUp: "zen", filter: "snip" }), {
    warmUp: { proxy: "zen", draws: 100 },
    filter: { proxy: "snip", quantile: 0.5 },
  });
  const made = { warmUp: { proxy: "zen", draws: 30 }, filter: { proxy: "snip", quantile: 0.2 } };
  assert.deepEqual(screensOf(nothing, made), {});
  assert.deepEqual(screensOf({ ...nothing, warmUp: "zen", filterQuantile: 0.2 }, made), made);
  assert.throws(() => screensOf({ ...nothing, warmUpDraws: 5 }), /--warm-up-draws needs a warm-up/);
  assert.throws(() => screensOf({ ...nothing, filterQuantile: 0.5 }), /--filter-quantile needs a filter/);
});

const check = (name: string, given: Partial<Parameters<typeof checkProxies>[2]>) => {
  const value = lookup<Strategy<never>>(strategies as never, name, "strategy");
  checkProxies({ name, value }, value.defaults(40), { proxy: undefined, ...given });
};

test("a proxy that would be of no effect is refused, and the strategies that would do are named", () => {
  const schedule = { name: "asha", options: {} };
  const [warmUp, filter] = [
    { proxy: "zen", draws: 100 },
    { proxy: "zen", quantile: 0.5 },
  ];
  for (const name of ["random", "grid", "aging", "local", "nsga2"]) check(name, { proxy: "zen" });
  for (const name of ["reinforce", "bananas", "ofa-evolution", "spos"])
    assert.throws(
      () => check(name, { proxy: "zen" }),
      /learns from accuracies, and after zen nothing is trained/,
    );
  for (const name of ["aging", "local", "nsga2", "bananas", "ofa-evolution"]) check(name, { warmUp });
  for (const name of ["random", "grid", "reinforce", "fbnet"])
    assert.throws(() => check(name, { warmUp }), /begins with no population of random draws/);
  for (const name of ["random", "aging", "local", "nsga2", "bananas", "reinforce"]) check(name, { filter });
  for (const name of ["grid", "ofa-evolution", "fbnet"])
    assert.throws(() => check(name, { filter }), /has no other candidate to draw/);
  check("aging", { filter, schedule });
  assert.throws(() => check("aging", { proxy: "zen", schedule }), /after zen nothing is trained/);
  assert.throws(() => check("aging", { warmUp, schedule }), /would both choose/);
  assert.throws(() => check("aging", { warmUp: { proxy: "zen", draws: 2 } }), /--warm-up-draws is 2/);
});
