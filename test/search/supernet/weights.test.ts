import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { sizeOf, weightSpecs } from "../../../src/graph/weights.js";
import { choicesOf } from "../../../src/search/supernet/architecture.js";
import {
  pruneCheckpoints,
  readCheckpoint,
  writeCheckpoint,
} from "../../../src/search/supernet/checkpoint.js";
import { newLearner } from "../../../src/search/supernet/learner.js";
import { eachRun, slotsOf } from "../../../src/search/supernet/sharing.js";
import {
  descend,
  findWeights,
  gather,
  inherited,
  startingWeights,
} from "../../../src/search/supernet/weights.js";
import { build } from "../../../src/space/build.js";
import { parseGenome } from "../../../src/space/candidate.js";
import { genomeAt, sizeOfSpace } from "../../../src/space/moves.js";
import { small, uneven } from "./spaces.js";

const proxy = { resolution: 32, channels: 3, classes: 10, width: 1, dropStrides: 0 };

for (const space of [small, uneven])
  for (const sharing of ["slices", "choices"] as const)
    test(`${space.name}, ${sharing}: every learned weight of every network is a slice of the supernet's`, () => {
      const found = findWeights(space, proxy, sharing);
      for (let n = 0n; n < sizeOfSpace(space); n++) {
        const out = build(space, genomeAt(space, n), proxy);
        const slots = slotsOf(out, sharing);
        const learned = [...weightSpecs(out)].filter(([, spec]) => spec.learned).map(([path]) => path);
        assert.deepEqual(
          slots.map(({ path }) => path),
          learned,
        );
        assert.equal(new Set(slots.map(({ key }) => key)).size, slots.length);
        for (const { key, shape } of slots) {
          const whole = found.get(key);
          assert.ok(whole && shape.every((size, axis) => size <= whole.shape[axis]!), key);
          if (sharing === "choices") assert.deepEqual(shape, whole.shape);
        }
      }
    });

test("kernels share their middle: 3 × 3 is the centre of 5 × 5, and few channels are the first of many", () => {
  const seen: number[] = [];
  eachRun({ role: "kernel", shape: [3, 3, 1, 2] }, [5, 5, 1, 4], (whole, slice, count) => {
    assert.equal(count, 2);
    assert.equal(slice, 2 * seen.length);
    seen.push(whole / 4);
  });
  assert.deepEqual(seen, [6, 7, 8, 11, 12, 13, 16, 17, 18]);
});

test("two kernels of one block share weights as slices, and none as choices", () => {
  const line = (kernel: number) =>
    `small:inverted-residual,kernel=${kernel},expand=2/skip/inverted-residual,kernel=3,expand=2`;
  const depthwise = (kernel: number, sharing: "slices" | "choices") =>
    slotsOf(build(small, parseGenome(small, line(kernel)), proxy), sharing).find(
      ({ shape }) => shape[0] === kernel && shape[2] === 1,
    )!.key;
  assert.equal(depthwise(3, "slices"), depthwise(5, "slices"));
  assert.notEqual(depthwise(3, "choices"), depthwise(5, "choices"));
});

test("a step moves the slices that took part, down their gradient, and nothing else", () => {
  const shared = startingWeights(findWeights(uneven, proxy, "slices"), 1);
  const before = new Map([...shared].map(([key, { values }]) => [key, values.slice()]));
  const out = build(uneven, genomeAt(uneven, 5n), proxy);
  const slots = slotsOf(out, "slices");
  const gradients = new Map(slots.map(({ path, shape }) => [path, new Float32Array(sizeOf(shape)).fill(1)]));
  const into = new Map();
  gather(into, shared, slots, gradients);
  descend(shared, into, 0.1, { momentum: 0, weightDecay: 0 });
  const start = inherited(
    new Map([...shared].map(([key, s]) => [key, { ...s, values: before.get(key)! }])),
    slots,
  );
  const now = inherited(shared, slots);
  let moved = 0;
  for (const [path, values] of now)
    values.forEach((v, i) => {
      assert.ok(Math.abs(start.get(path)![i]! - 0.1 - v) < 1e-6);
      moved++;
    });
  const changed = [...shared].reduce(
    (sum, [key, { values }]) => sum + values.filter((v, i) => v !== before.get(key)![i]).length,
    0,
  );
  assert.equal(changed, moved);
});

const folder = mkdtempSync(join(tmpdir(), "nas-supernet-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("a checkpoint comes back bit for bit under the hash of its content; old and broken ones go", async () => {
  const weights = startingWeights(findWeights(small, proxy, "choices"), 3);
  const learner = { ...newLearner(choicesOf(small)), epoch: 3, latencyWeight: 0.1 + 0.2, baseline: Math.PI };
  const first = await writeCheckpoint(folder, { weights, learner });
  assert.deepEqual(await readCheckpoint(folder, first), { weights, learner });
  assert.equal(await writeCheckpoint(folder, { weights, learner }), first);
  weights.get([...weights.keys()][0]!)!.values[0]! += 1;
  const second = await writeCheckpoint(folder, { weights, learner });
  assert.notEqual(second, first);
  await pruneCheckpoints(folder, [second]);
  assert.deepEqual(readdirSync(folder), [`${second}.supernet`]);
  truncateSync(join(folder, `${second}.supernet`), 1000);
  await assert.rejects(readCheckpoint(folder, second), /damaged/);
  await assert.rejects(readCheckpoint(folder, first), /missing/);
});
