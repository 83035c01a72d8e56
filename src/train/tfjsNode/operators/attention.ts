import { flag } from "../attributes.js";
import type { Operator } from "../operator.js";
import type { Tensor, Tensors } from "../tensors.js";

/** Multi-head attention over all positions, with a bias by relative position. */
export const attention: Operator<"attention"> = (op, { tf, inputs, wanted, weights: { table } }) => {
  const { heads } = op;
  const [n, h, w, c] = inputs[0]!.shape as [number, number, number, number];
  const depth = c / heads;
  const sharpness = tf.number(1 / Math.sqrt(depth));
  const swap = tf.ints([0, 2, 1, 3]);
  /** [n, h, w, c] to [n, heads, h·w, depth] and back. */
  const byHead = (x: Tensor) =>
    tf.op("Transpose", [tf.op("Reshape", [x, tf.ints([n, h * w, heads, depth])]), swap]);
  const byPlace = (x: Tensor) => tf.op("Reshape", [tf.op("Transpose", [x, swap]), tf.ints([n, h, w, c])]);
  const product = (a: Tensor, b: Tensor, turned: "none" | "first" | "second") =>
    tf.op("BatchMatMulV2", [a, b], flag("adj_x", turned === "first"), flag("adj_y", turned === "second"));

  const [q, k, v] = inputs.map(byHead) as [Tensor, Tensor, Tensor];
  const sharp = tf.op("Mul", [q, sharpness]);
  const bias = table && relativeBias(tf, table, h, w);
  const scores = product(sharp, k, "second");
  const shares = tf.op("Softmax", [bias ? tf.op("AddV2", [scores, bias.value]) : scores]);
  return {
    value: byPlace(product(shares, v, "none")),
    back(dyPlaces) {
      const dy = byHead(dyPlaces);
      const dShares = product(dy, v, "second");
      const mean = tf.op("Sum", [tf.op("Mul", [dShares, shares]), tf.ints([3])], flag("keep_dims", true));
      const dScores = tf.op("Mul", [shares, tf.op("Sub", [dShares, mean])]);
      const gradients = [
        () => tf.op("Mul", [product(dScores, k, "none"), sharpness]),
        () => product(dScores, sharp, "first"),
        () => product(shares, dy, "first"),
      ];
      return {
        inputs: gradients.map((gradient, i) => (wanted[i] ? byPlace(gradient()) : undefined)),
        ...(bias && { weights: { table: bias.back(tf.op("Sum", [dScores, tf.ints([0])])) } }),
      };
    },
  };
};

/** The bias of every query and key, [heads, h·w, h·w], from a table [heads, size, size]. */
function relativeBias(tf: Tensors, table: Tensor, h: number, w: number) {
  const [heads, size] = table.shape as [number, number];
  const [rows, columns] = [2 * h - 1, 2 * w - 1];
  const places = h * w;
  const reads = tf.ints(
    Array.from({ length: places * places }, (_, i) => {
      const [query, key] = [Math.floor(i / places), i % places];
      const row = Math.floor(key / w) - Math.floor(query / w) + h - 1;
      return row * columns + (key % w) - (query % w) + w - 1;
    }),
  );
  const [across, along] = [resize(tf, rows, size), resize(tf, columns, size)];
  const product = (a: Tensor, b: Tensor, ...turned: ("adj_x" | "adj_y")[]) =>
    tf.op("BatchMatMulV2", [a, b], ...turned.map((name) => flag(name, true)));
  const resized = product(product(across, table), along, "adj_y");
  const flat = tf.op("Reshape", [resized, tf.ints([heads, rows * columns])]);
  const read = tf.op("GatherV2", [flat, reads, tf.int(1)]);
  return {
    value: tf.op("Reshape", [read, tf.ints([heads, places, places])]),
    back(dy: Tensor): Tensor {
      const turn = tf.ints([1, 0]);
      const byRead = tf.op("Transpose", [tf.op("Reshape", [dy, tf.ints([heads, places ** 2])]), turn]);
      const sums = tf.op("Transpose", [
        tf.op("UnsortedSegmentSum", [byRead, reads, tf.int(rows * columns)]),
        turn,
      ]);
      const dResized = tf.op("Reshape", [sums, tf.ints([heads, rows, columns])]);
      return product(product(across, dResized, "adj_x"), along);
    },
  };
}

/** The matrix [1, to, from] that resizes linearly, corners aligned. */
function resize(tf: Tensors, to: number, from: number): Tensor {
  const parts = new Float32Array(to * from);
  for (let i = 0; i < to; i++) {
    const exact = to === 1 ? 0 : (i * (from - 1)) / (to - 1);
    const low = Math.min(Math.floor(exact), from - 1);
    parts[i * from + low]! += 1 - (exact - low);
    parts[i * from + Math.min(low + 1, from - 1)]! += exact - low;
  }
  return tf.floats([1, to, from], parts);
}
