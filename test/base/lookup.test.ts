import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../../src/base/errors.js";
import { closest, didYouMean, find, kebab, lookup, names } from "../../src/base/lookup.js";

const index = { multiLevelDilated: 1, rapidnet_ti: 2, aging: 3, iphone13Npu: 4, random: 0 };

test("Names users type are export names in kebab case", () => {
  assert.equal(kebab("multiLevelDilated"), "multi-level-dilated");
  assert.equal(kebab("iphone13Npu"), "iphone13-npu");
  assert.equal(kebab("mobilenet_v2_x1_0"), "mobilenet-v2-x1-0");
  assert.deepEqual(names(index), ["aging", "iphone13-npu", "multi-level-dilated", "random", "rapidnet-ti"]);
});

test("A member is found by any spelling of its name, and none by another", () => {
  for (const name of ["multi-level-dilated", "multi_level_dilated", "multiLevelDilated"])
    assert.equal(find(index, name), 1);
  assert.equal(find(index, "rapidnet-ti"), 2);
  assert.equal(find(index, "random"), 0);
  for (const name of ["", "toString", "constructor", "agin"]) assert.equal(find(index, name), undefined);
});

test("A member whose value is 0 is found too", () => {
  assert.equal(lookup(index, "random", "strategy"), 0);
});

test("An unknown name is refused with the closest and all known ones", () => {
  assert.throws(
    () => lookup(index, "agin", "strategy"),
    (error) => {
      assert.ok(error instanceof UserError);
      assert.equal(error.message, `unknown strategy "agin"`);
      assert.equal(
        error.whatToDo,
        "Did you mean aging? Known: aging, iphone13-npu, multi-level-dilated, random, rapidnet-ti.",
      );
      assert.equal(error.exitCode, 2);
      return true;
    },
  );
});

test("The guess is the known name a few slips away", () => {
  const known = ["aging", "random", "multi-level-dilated"];
  const guesses: readonly [typed: string, meant: string | undefined][] = [
    ["agign", "aging"],
    ["ageing", "aging"],
    ["rnadom", "random"],
    ["multi_level_dilate", "multi-level-dilated"],
    ["MULTI-LEVEL-DILATED", "multi-level-dilated"],
    ["nsga2", undefined],
    ["", undefined],
  ];
  for (const [typed, meant] of guesses) assert.equal(closest(typed, known), meant, typed);
  assert.equal(closest("dropstride", ["dropStrides", "width"]), "dropStrides");
});

test("Of two close names the closer is guessed, of two equally close the first", () => {
  assert.equal(closest("cifar-10", ["cifar-1000", "cifar-100"]), "cifar-100");
  assert.equal(closest("fbnet-d", ["fbnet-a", "fbnet-b"]), "fbnet-a");
});

test("Without a guess all known names are still told", () => {
  assert.equal(didYouMean("zzz", ["aging", "random"]), "Known: aging, random.");
});
