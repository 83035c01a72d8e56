import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../../../src/base/errors.js";
import { type Binding, holdsInThreads, loadBinding } from "../../../src/train/tfjsNode/binding.js";
import { openTensors } from "../../../src/train/tfjsNode/tensors.js";

let binding: Binding | undefined;
let why: string | false = false;
try {
  binding = loadBinding();
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  why = `${error.message}. ${error.whatToDo}`;
}

test("worker threads are for TensorFlow as old as the stress test has seen hold, and newer", () => {
  assert.deepEqual(["1.15.0", "2.6.4", "2.7.4", "2.21.0", "3.0.0"].map(holdsInThreads), [
    false,
    false,
    true,
    true,
    true,
  ]);
});

test("tensors made on the way are freed, results and constants stay", { skip: why }, () => {
  const tf = openTensors(binding!);
  const sum = tf.passing(
    () => tf.op("AddV2", [tf.op("Mul", [tf.number(2), tf.number(3)]), tf.number(1)]),
    (made) => [made],
  );
  assert.equal(tf.read(sum)[0], 7);
  assert.equal(tf.count(), 4, "the sum and three constants");
  tf.close();
  assert.equal(tf.count(), 0);
});

test("an operator that fails leaves no tensor behind", { skip: why }, () => {
  const tf = openTensors(binding!);
  const wrong = () =>
    tf.op("AddV2", [tf.floats([2], new Float32Array(2)), tf.floats([3], new Float32Array(3))]);
  assert.throws(() => tf.passing(wrong));
  assert.equal(tf.count(), 0);
});
