import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { forms } from "../../scripts/json-forms.js";
import { scalarOf } from "../../src/search/scalar.js";
import type { Trial } from "../../src/search/trial.js";
import { seeRun } from "../../src/store/run.js";
import { folder, nas, tinySearch } from "./nas.js";

const objectives = ["accuracy", "latency", "energy"] as const;
const dir = join(folder, "scalarised");
const words = ["--objective", objectives.join(","), "--scalarise", "0.3", "--max-energy", "1.2mJ"];
const ended = await nas(...tinySearch(dir, ...words, "--json"));

test("a search for one number of three objectives ends with the trial that is worth most, within its limits", async () => {
  assert.equal(ended.code, 0, ended.err);
  const found = forms.search.parse(JSON.parse(ended.out));
  assert.deepEqual([found.objectives, found.weight, found.limits], [objectives, 0.3, { energyMj: 1.2 }]);
  const { trials } = await seeRun(dir);
  const worth = scalarOf({ objectives, limits: {}, reference: found.reference, weight: 0.3 });
  const best = trials.toSorted((a, b) => worth(b)! - worth(a)!)[0] as Trial;
  assert.equal(found.winner?.number, best.number);
  assert.ok(trials.every(({ energyMj }) => energyMj! <= 1.2));
  assert.equal(found.reference[2], 1.2, "measured from the limit");
  assert.ok(found.front.length > 0 && found.hypervolume !== null && found.knee !== null);
});

test("resume keeps the number it went by, and refuses another", async () => {
  const again = await nas("resume", dir);
  assert.equal(again.code, 0, again.err);
  assert.match(
    again.out,
    /worth .*accuracy · \(latency \/ 10\.0 ms\)\^-0\.3 · \(energy \/ 1\.20 mJ energy proxy\)\^-0\.3/,
  );
  const other = await nas("resume", dir, "--scalarise", "0.5");
  assert.equal(other.code, 2);
  assert.match(other.err, /aim\.weight: 0\.3, not 0\.5/);
});

test("what makes no one number is refused before a run is made", async () => {
  for (const [given, message] of [
    [["--scalarise", "0.07"], /Name the costs, too/],
    [["--scalarise", "0.07", "--objective", "synflow,latency"], /Name the costs, too/],
    [
      ["--scalarise", "0.07", "--objective", "accuracy,macs", "--strategy", "bananas"],
      /learns accuracies.*\n.*local/,
    ],
    [["--scalarise", "2", "--objective", "accuracy,macs"], /--scalarise is "2"/],
  ] as const) {
    const { code, err } = await nas(...tinySearch(join(folder, "refused"), ...given));
    assert.equal(code, 2, err);
    assert.match(err, message);
  }
  const none = await nas(...tinySearch(join(folder, "refused"), "--max-energy", "1uJ"));
  assert.equal(none.code, 3, none.err);
  assert.match(none.err, /mJ by the energy proxy are over the limit/);
});
