import assert from "node:assert/strict";
import { test } from "node:test";
import { describeTrial } from "../../src/export/describeTrial.js";
import type { Settings } from "../../src/search/settings.js";
import { formatGenome } from "../../src/space/candidate.js";
import { genomeAt } from "../../src/space/moves.js";
import { rapidnet } from "../../src/space/spaces/index.js";
import { failed, scored } from "../search/trials.js";
import { genome, record } from "./tinyRun.js";

const trial = scored({ number: 2, genome, hash: "00ff", latencyKind: "extrapolated", accuracy: 0.75 });

test("a trial is described by its deployed network and what the run knows of it", () => {
  const { network, latency, ...rest } = describeTrial(record, trial);
  assert.deepEqual(network.shape, [10, 1, 1]);
  assert.deepEqual(rest, {
    name: "00ff",
    genome,
    space: "tiny",
    stages: [
      {
        name: "b",
        block: "inverted-residual",
        depth: 2,
        width: 24,
        choices: { kernel: 3, expand: 2, dilation: 1, attention: "none" },
      },
    ],
    accuracy: { value: 0.75, kind: "proxy", epochs: 3, data: "synthetic", seed: 7, engine: "reference" },
    reproduce: {
      command:
        "nas search --target iphone13-npu --space FILE --max-latency 1.5ms --strategy aging " +
        "--strategy-options population=8,tournament=3 --trials 3 --seed 7 --ahead 6 " +
        "--epochs 3 --images 4000 --batch 64 --engine reference",
      version: "0.1.0",
      seed: 7,
      data: "synthetic 0a1b",
    },
  });
  const { ms, lowMs, highMs, kind, target } = latency!;
  assert.deepEqual([ms, lowMs, highMs, kind, target], [1, 0.9, 1.1, "extrapolated", "iphone13-npu"]);
});

test("a stage that keeps the width before is described with that width", () => {
  const first =
    "tiny:inverted-residual,depth=1,kernel=5,attention=squeeze-excite/inverted-residual,depth=1,width=16,expand=1";
  const { stages } = describeTrial(record, scored({ number: 0, genome: first }));
  assert.deepEqual(
    stages!.map(({ name, width }) => [name, width]),
    [
      ["a", 8],
      ["b", 16],
    ],
  );
});

test("a trial without an accuracy is described without one", () => {
  assert.equal(describeTrial(record, { ...failed(1), genome }).accuracy, undefined);
});

test("the command names a space that is built in, and a data folder only as one", () => {
  const { meaning } = record.settings;
  const settings: Settings = {
    ...record.settings,
    meaning: { ...meaning, space: rapidnet },
    dataDir: "somewhere",
  };
  const line = formatGenome(rapidnet, genomeAt(rapidnet, 0n));
  const { command } = describeTrial({ ...record, settings }, scored({ number: 0, genome: line })).reproduce;
  assert.match(command!, /--space rapidnet /);
  assert.match(command!, /--data DIR /);
});
