import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../../src/base/rng.js";
import type { Node } from "../../../src/graph/node.js";
import { input, nodes } from "../../../src/graph/node.js";
import { initialWeights } from "../../../src/train/initial.js";
import { type Heap, openHeap } from "../../../src/train/wasm/heap.js";
import { trainerOn } from "../../../src/train/wasm/trainer.js";
import { allNetworks, batchFor, composed } from "../networks.js";

const options = { momentum: 0.9, nesterov: true, weightDecay: 1e-4, labelSmoothing: 0.1 };
const open = (heap: Heap, out: Node) =>
  trainerOn(heap, out, initialWeights(out, stream(1, "weights")), options);

test("neither the heap nor the number of tensors grows over 200 steps", async () => {
  const heap = await openHeap();
  const out = composed.everything!;
  const [full, short] = [batchFor([3, 9, 9], 8, 1), batchFor([3, 9, 9], 5, 2)];
  const before = heap.tensors();
  const trainer = open(heap, out);
  const held = () => ({ bytes: trainer.heapBytes(), tensors: heap.tensors() });
  const round = () => {
    trainer.step(full, 0.01);
    trainer.step(short, 0.01);
    trainer.gradients(short);
    trainer.logits(full);
  };
  for (let i = 0; i < 5; i++) round();
  const early = held();
  for (let i = 0; i < 100; i++) round();
  assert.deepEqual(held(), early);
  trainer.dispose();
  assert.equal(heap.tensors(), before);
});

/** A heap whose fresh memory is all NaN: who reads what was not written spoils the result. */
function poisoned(heap: Heap): Heap {
  const spoil = (at: number, count: number) => heap.floats(at, count).fill(Number.NaN);
  return {
    ...heap,
    tensor(shape) {
      const made = heap.tensor(shape);
      spoil(made.at, made.size);
      return made;
    },
    scratch: (use) =>
      heap.scratch((take) =>
        use((count) => {
          const at = take(count);
          spoil(at, count);
          return at;
        }),
      ),
  };
}

test("memory that was not written is never read", async () => {
  const heap = await openHeap();
  for (const [title, out] of allNetworks) {
    const batch = batchFor(nodes(out)[0]!.shape, 3, 1);
    const [clean, spoilt] = [open(heap, out), open(poisoned(heap), out)];
    assert.deepEqual(spoilt.gradients(batch), clean.gradients(batch), title);
    assert.deepEqual(spoilt.logits(batch), clean.logits(batch), title);
    for (const trainer of [clean, spoilt]) trainer.dispose();
  }
});

test("the gradient of a depthwise convolution's input lies where its output's was", async () => {
  const heap = await openHeap();
  const wide = (x: Node) => x.conv(64).norm().act("relu6");
  const count = 2;
  const shape = [count, 12, 12, 64];
  let made = 0;
  const counting: Heap = {
    ...heap,
    tensor(given) {
      if (given.join() === shape.join()) made++;
      return heap.tensor(given);
    },
  };
  const tail = (x: Node) => x.globalPool().conv(5, { bias: true });
  const tensorsOf = (out: Node) => {
    made = 0;
    const trainer = open(counting, out);
    trainer.gradients(batchFor([3, 12, 12], count, 1));
    trainer.dispose();
    return made;
  };
  const x = wide(input([3, 12, 12]));
  const deep = x.depthwise({ kernel: 3 }).norm().act("relu6");
  assert.equal(tensorsOf(tail(x)), 2, "forth and back");
  assert.equal(tensorsOf(tail(deep)), 3);
  assert.equal(tensorsOf(tail(deep.add(x))), 5, "a sum's first, too");
  assert.equal(tensorsOf(tail(wide(x))), 4, "a product cannot");
});

test("a batch whose images are not as many as it says is refused", async () => {
  const trainer = open(await openHeap(), composed.everything!);
  const batch = batchFor([3, 9, 9], 3, 1);
  assert.throws(() => trainer.step({ ...batch, count: 4 }, 0.1), /a batch of 4 .* has 729 numbers/);
  trainer.dispose();
});
