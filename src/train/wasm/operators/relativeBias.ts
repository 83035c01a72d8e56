import type { OpOf } from "../../../graph/op.js";
import type { Address } from "../kernels.js";
import type { Call } from "../operator.js";
import { zeros } from "./kernelMatrix.js";

/** A share of an entry of the table. */
interface Part {
  readonly entry: number;
  readonly share: number;
}

/**
 * The learned bias of attention by relative position, as a matrix [heads, wide, wide] of queries and keys: the table
 * [heads, 2·table - 1, 2·table - 1] is resized bilinearly, corners aligned, to every distance there is.
 */
export function relativeBias({ heads, table }: OpOf<"attention">, call: Call, wide: number) {
  const { heap } = call;
  const [, height, width] = call.shape;
  const size = 2 * table - 1;
  const parts = partsOf(2 * height - 1, 2 * width - 1, size);
  const at = zeros(call, heads * wide * wide);
  const distances = (2 * height - 1) * (2 * width - 1);

  /** Every pair of places: its index in a head's matrix, and its distance's. */
  const eachPair = (visit: (pair: number, distance: number) => void) => {
    for (let query = 0; query < height * width; query++)
      for (let key = 0; key < height * width; key++) {
        const down = Math.floor(key / width) - Math.floor(query / width) + height - 1;
        const right = (key % width) - (query % width) + width - 1;
        visit(query * wide + key, down * (2 * width - 1) + right);
      }
  };

  const entries = heap.floats(call.weight("table").at, heads * size * size);
  const matrix = heap.floats(at, heads * wide * wide);
  for (let head = 0; head < heads; head++) {
    const resized = Array.from({ length: distances }, (_, d) =>
      parts[d]!.reduce((sum, { entry, share }) => sum + entries[head * size * size + entry]! * share, 0),
    );
    eachPair((pair, distance) => {
      matrix[head * wide * wide + pair] = resized[distance]!;
    });
  }

  return {
    at,
    /** From the gradient of the matrix that of the table. */
    back(dMatrix: Address, dTable: Address): void {
      const from = heap.floats(dMatrix, heads * wide * wide);
      const to = heap.floats(dTable, heads * size * size);
      for (let head = 0; head < heads; head++) {
        const sums = new Float64Array(distances);
        eachPair((pair, distance) => {
          sums[distance]! += from[head * wide * wide + pair]!;
        });
        sums.forEach((sum, d) => {
          for (const { entry, share } of parts[d]!) to[head * size * size + entry]! += sum * share;
        });
      }
    },
  };
}

/** For each entry of a resized table the up to four entries of the table it is made of. */
function partsOf(rows: number, columns: number, size: number): readonly (readonly Part[])[] {
  const [down, right] = [linear(rows, size), linear(columns, size)];
  return down.flatMap((v) =>
    right.map((h) =>
      v.flatMap((a) => h.map((b) => ({ entry: a.entry * size + b.entry, share: a.share * b.share }))),
    ),
  );
}

/** `from` entries resized to `to`, corners aligned: each as shares of two neighbours. */
function linear(to: number, from: number): readonly (readonly Part[])[] {
  return Array.from({ length: to }, (_, i) => {
    const exact = to === 1 ? 0 : (i * (from - 1)) / (to - 1);
    const low = Math.min(Math.floor(exact), from - 1);
    const rest = exact - low;
    if (rest === 0) return [{ entry: low, share: 1 }];
    return [
      { entry: low, share: 1 - rest },
      { entry: low + 1, share: rest },
    ];
  });
}
