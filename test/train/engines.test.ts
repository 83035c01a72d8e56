import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { stream } from "../../src/base/rng.js";
import { input, type Node, nodes, paths } from "../../src/graph/node.js";
import { weightSpecs } from "../../src/graph/weights.js";
import type { Batch, Engine, OptimiserOptions, Trainer } from "../../src/train/engine.js";
import * as engines from "../../src/train/engines/index.js";
import { initialWeights } from "../../src/train/initial.js";
import { missing } from "./missing.js";
import { allNetworks, batchFor, classes, composed } from "./networks.js";

const options: OptimiserOptions = { momentum: 0.9, nesterov: false, weightDecay: 0.01, labelSmoothing: 0.1 };

const shapeOf = (out: Node) => nodes(out)[0]!.shape;

/** Weights as training starts, but with nothing at 0 or 1 where a mistake would hide, and statistics that are off. */
function weightsFor(out: Node): ReadonlyMap<string, Float32Array> {
  const rng = stream(1, "weights");
  const specs = weightSpecs(out);
  return new Map(
    [...initialWeights(out, rng)].map(([path, numbers]) => [
      path,
      specs.get(path)!.role === "kernel" ? numbers : numbers.map((n) => n + 0.2 * rng.float()),
    ]),
  );
}

/** Three batches, the last one short. */
const batchesFor = (out: Node): Batch[] => [4, 4, 3].map((count, i) => batchFor(shapeOf(out), count, i));

/** ‖a - b‖ / max(‖b‖, floor), Euclidean norms over one tensor. */
function relativeError(a: Float32Array, b: Float32Array, floor = 0): number {
  assert.equal(a.length, b.length);
  return Math.hypot(...a.map((x, i) => x - b[i]!)) / Math.max(Math.hypot(...b), floor, Number.MIN_VALUE);
}

const within = (error: number, limit: number, what: string) =>
  assert.ok(error < limit, `${what} is off by ${error}, more than ${limit}`);

/** Compares tensors by path; those much smaller than all together are held to a share of the whole. */
function assertClose(
  actual: ReadonlyMap<string, Float32Array>,
  expected: ReadonlyMap<string, Float32Array>,
  what: string,
): void {
  assert.deepEqual([...actual.keys()].sort(), [...expected.keys()].sort(), `paths of ${what}`);
  const whole = Math.hypot(...[...expected.values()].map((b) => Math.hypot(...b)));
  for (const [path, b] of expected)
    within(relativeError(actual.get(path)!, b, 1e-3 * whole), 1e-3, `${what} ${path}`);
}

/** All that a trainer says over three steps. */
function train(trainer: Trainer, batches: readonly Batch[]) {
  const steps = batches.map((batch) => trainer.step(batch, 0.05));
  return { steps, logits: trainer.logits(batches[0]!), weights: trainer.weights() };
}

/** What a watcher is promised to see: values on the way forth, gradients on the way back. */
function watched(out: Node, trainer: Trainer, batch: Batch) {
  const path = paths(out);
  const seen = new Map<string, Float32Array>();
  const read = new Set(nodes(out).flatMap(({ op, inputs }) => (op.kind === "norm" ? inputs : [])));
  trainer.watch(batch, {
    made(node, value) {
      if (node.op.kind === "conv" || node.op.kind === "act" || read.has(node) || node === out)
        seen.set(`value ${path.get(node)}`, value());
    },
    lead: (value) => value.map((_, i) => Math.sin(i)),
    led(node, value, gradient) {
      assert.deepEqual(value().length, gradient().length);
      seen.set(`gradient ${path.get(node)}`, gradient());
    },
  });
  return seen;
}

const opened = new Map<Node, Promise<ReturnType<typeof record>>>();
const record = (out: Node, trainer: Trainer, batches: readonly Batch[]) => ({
  before: trainer.logits(batches[0]!),
  watched: watched(out, trainer, batches[0]!),
  gradients: trainer.gradients(batches[0]!),
  ...train(trainer, batches),
});

/** What the reference says of a network; asked once, whatever the number of engines. */
function expectedOf(out: Node) {
  if (!opened.has(out))
    opened.set(
      out,
      engines.reference
        .open(out, weightsFor(out), options)
        .then((trainer) => record(out, trainer, batchesFor(out))),
    );
  return opened.get(out)!;
}

function engineContract(engine: Engine): void {
  const open = (out: Node, changed: Partial<OptimiserOptions> = {}) =>
    engine.open(out, weightsFor(out), { ...options, ...changed });

  for (const [title, out] of allNetworks)
    test(`equals the reference: ${title}`, async () => {
      const expected = await expectedOf(out);
      const trainer = await open(out);
      const found = record(out, trainer, batchesFor(out));
      trainer.dispose();

      within(relativeError(found.before, expected.before), 1e-3, "logits before training");
      within(
        Math.abs(found.gradients.loss - expected.gradients.loss),
        1e-3 * expected.gradients.loss,
        "loss",
      );
      assertClose(found.gradients.gradients, expected.gradients.gradients, "gradient of");
      assertClose(found.watched, expected.watched, "watched");
      expected.steps.forEach(({ loss, correct }, i) => {
        within(Math.abs(found.steps[i]!.loss - loss), 1e-3 * loss, `loss of step ${i}`);
        assert.equal(found.steps[i]!.correct, correct, `right answers of step ${i}`);
      });
      assertClose(found.weights, expected.weights, "after three steps,");
      within(relativeError(found.logits, expected.logits), 1e-3, "logits after three steps");
    });

  const out = composed.everything!;
  const batches = batchesFor(out);

  test("says what ran, once it is open", async () => {
    (await open(out)).dispose();
    assert.match(engine.build(), /\w/);
    assert.match(engine.title, /\w/);
  });

  test("gives the same bits when the same training runs again", async () => {
    const once = async () => {
      const trainer = await open(out);
      const found = record(out, trainer, batches);
      trainer.dispose();
      return found;
    };
    assert.deepEqual(await once(), await once());
  });

  test("starts from the weights it is given and changes neither them nor the images", async () => {
    const given = weightsFor(out);
    const trainer = await engine.open(out, given, options);
    assert.deepEqual(trainer.weights(), given);
    train(trainer, batches);
    trainer.dispose();
    assert.deepEqual(given, weightsFor(out));
    assert.deepEqual(batches, batchesFor(out));
  });

  test("changes nothing when asked for gradients or logits", async () => {
    const trainer = await open(out);
    trainer.gradients(batches[0]!);
    watched(out, trainer, batches[0]!);
    trainer.logits(batches[1]!);
    assert.deepEqual(trainer.weights(), weightsFor(out));
    assert.deepEqual(trainer.gradients(batches[0]!), trainer.gradients(batches[0]!));
    const calm = await open(out);
    assert.deepEqual(train(trainer, batches), train(calm, batches));
    trainer.dispose();
    calm.dispose();
  });

  test("hands out copies that later steps do not touch", async () => {
    const trainer = await open(out);
    const [weights, { gradients }, logits] = [
      trainer.weights(),
      trainer.gradients(batches[0]!),
      trainer.logits(batches[0]!),
    ];
    const kept = structuredClone({ weights, gradients, logits });
    train(trainer, batches);
    assert.deepEqual({ weights, gradients, logits }, kept);
    trainer.dispose();
  });

  test("trains two networks at once as if each were alone", async () => {
    const [one, two] = [await open(out), await open(composed.moat!)];
    const other = batchesFor(composed.moat!);
    const mixed = batches.map((batch, i) => [one.step(batch, 0.05), two.step(other[i]!, 0.05)]);
    const alone = await open(out);
    assert.deepEqual(
      mixed.map(([step]) => step),
      train(alone, batches).steps,
    );
    assert.deepEqual(one.weights(), alone.weights());
    for (const trainer of [one, two, alone]) trainer.dispose();
  });

  test("gives each image the logits it has in any other batch", async () => {
    const trainer = await open(out);
    train(trainer, batches);
    const { images, count } = batches[0]!;
    const size = images.length / count;
    const together = trainer.logits(batches[0]!);
    const apart = Array.from({ length: count }, (_, i) => [
      ...trainer.logits({ images: images.slice(i * size, (i + 1) * size), count: 1 }),
    ]);
    within(relativeError(Float32Array.from(apart.flat()), together), 1e-5, "logits of single images");
    trainer.dispose();
  });

  test("holds the loss and the step to every option", async () => {
    for (const changed of [{ momentum: 0 }, { nesterov: true }, { weightDecay: 0 }, { labelSmoothing: 0 }]) {
      const [trainer, judge, usual] = [
        await open(out, changed),
        await engines.reference.open(out, weightsFor(out), { ...options, ...changed }),
        await expectedOf(out),
      ];
      const [found, expected] = [train(trainer, batches), train(judge, batches)];
      const name = Object.keys(changed)[0];
      assertClose(found.weights, expected.weights, `with ${name} changed,`);
      assert.notDeepEqual(expected.weights, usual.weights, `${name} changes nothing`);
      trainer.dispose();
    }
  });

  test("learns a batch by heart", async () => {
    const trainer = await open(out, { weightDecay: 0, labelSmoothing: 0 });
    const losses = Array.from({ length: 40 }, () => trainer.step(batches[0]!, 0.02).loss);
    assert.ok(losses.at(-1)! < 0.1 * losses[0]!, `loss goes from ${losses[0]} to ${losses.at(-1)}`);
    trainer.dispose();
  });

  test("reports a loss that is not finite when training diverges", async () => {
    const trainer = await open(composed.moat!);
    const batch = batchesFor(composed.moat!)[0]!;
    const losses = Array.from({ length: 30 }, () => trainer.step(batch, 1e20).loss);
    assert.ok(!Number.isFinite(losses.at(-1)), `loss is ${losses.at(-1)}`);
    trainer.dispose();
  });

  test("holds no more memory after many trainings than after a few", async () => {
    const after = async (times: number) => {
      let bytes = 0;
      for (let i = 0; i < times; i++) {
        const trainer = await open(out);
        trainer.step(batches[0]!, 0.05);
        bytes = trainer.heapBytes();
        trainer.dispose();
      }
      return bytes;
    };
    const few = await after(2);
    assert.ok(few > 0);
    assert.equal(await after(10), few);
  });

  test("holds no more memory after 200 steps than after 20", async () => {
    const trainer = await open(out);
    const [full, short] = [batchFor(shapeOf(out), 2, 1), batchFor(shapeOf(out), 1, 2)];
    const after = (rounds: number) => {
      for (let i = 0; i < rounds; i++) {
        trainer.step(full, 0.01);
        trainer.step(short, 0.01);
        trainer.gradients(short);
        trainer.watch(short, {});
        trainer.logits(full);
      }
      return trainer.heapBytes();
    };
    const early = after(10);
    assert.equal(after(90), early);
    trainer.dispose();
  });

  test("keeps its digits in normalisation where the images lie 100 from 0", async () => {
    const shape = [3, 6, 6] as const;
    const normed = input(shape).norm().act("silu").conv(classes, { kernel: 3 }).norm().globalPool();
    const near = batchFor(shape, 6, 1);
    const batch = { ...near, images: near.images.map((x) => x + 100) };
    const trainer = await open(normed);
    const found = trainer.gradients(batch);
    trainer.dispose();
    const judge = await engines.reference.open(normed, weightsFor(normed), options);
    // The images themselves have no more than 7 digits, 5 of them behind the point.
    for (const [path, gradient] of judge.gradients(batch).gradients)
      within(relativeError(found.gradients.get(path)!, gradient), 1e-4, path);
  });
}

for (const engine of Object.values(engines)) {
  const why = await missing(engine);
  if (why === undefined) describe(engine.title, () => engineContract(engine));
  else test(engine.title, { skip: why }, () => {});
}
