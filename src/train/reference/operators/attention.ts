import type { OpOf, Shape } from "../../../graph/op.js";
import type { Operator } from "../operator.js";
import { zeros } from "../tensor.js";

/**
 * Multi-head attention over all positions, with a bias by relative position.
 *
 * Source: Vaswani et al. 2017, arXiv:1706.03762, §3.2; the bias as in Yang et al.
 * 2022, MOAT, arXiv:2210.01820.
 */
export const attention: Operator<"attention"> = (op, { inputs: [q, k, v], weights: { table }, shape }) => {
  const { heads } = op;
  const [c, h, w] = shape;
  const depth = c / heads;
  const sharpness = 1 / Math.sqrt(depth);
  const places = h * w;
  const count = q!.count;
  const value = zeros(count, shape);
  /** Row `query` of example and head `group`, [places]. */
  const row = (of: Float64Array, group: number, query: number) =>
    of.subarray((group * places + query) * places, (group * places + query + 1) * places);
  const at = (group: number, place: number) =>
    (Math.floor(group / heads) * places + place) * c + (group % heads) * depth;
  const attended = new Float64Array(count * heads * places * places);

  for (let group = 0; group < count * heads; group++)
    for (let query = 0; query < places; query++) {
      const shares = row(attended, group, query);
      for (let key = 0; key < places; key++) {
        for (let i = 0; i < depth; i++)
          shares[key]! += q!.data[at(group, query) + i]! * k!.data[at(group, key) + i]! * sharpness;
        if (table)
          for (const { entry, part } of biasOf(op, shape, group % heads, query, key))
            shares[key]! += table[entry]! * part;
      }
      const largest = shares.reduce((a, b) => Math.max(a, b));
      shares.forEach((score, key) => {
        shares[key] = Math.exp(score - largest);
      });
      const total = shares.reduce((a, b) => a + b, 0);
      for (let key = 0; key < places; key++) {
        shares[key]! /= total;
        for (let i = 0; i < depth; i++)
          value.data[at(group, query) + i]! += shares[key]! * v!.data[at(group, key) + i]!;
      }
    }

  return {
    value,
    back(dy) {
      const [dq, dk, dv] = [zeros(count, shape), zeros(count, shape), zeros(count, shape)];
      const dTable = table && new Float64Array(table.length);
      for (let group = 0; group < count * heads; group++)
        for (let query = 0; query < places; query++) {
          const shares = row(attended, group, query);
          const dShares = shares.map((_, key) => {
            let sum = 0;
            for (let i = 0; i < depth; i++)
              sum += dy.data[at(group, query) + i]! * v!.data[at(group, key) + i]!;
            return sum;
          });
          const mean = shares.reduce((sum, share, key) => sum + share * dShares[key]!, 0);
          for (let key = 0; key < places; key++) {
            const dScore = shares[key]! * (dShares[key]! - mean);
            for (let i = 0; i < depth; i++) {
              dv.data[at(group, key) + i]! += shares[key]! * dy.data[at(group, query) + i]!;
              dq.data[at(group, query) + i]! += dScore * sharpness * k!.data[at(group, key) + i]!;
              dk.data[at(group, key) + i]! += dScore * sharpness * q!.data[at(group, query) + i]!;
            }
            if (dTable)
              for (const { entry, part } of biasOf(op, shape, group % heads, query, key))
                dTable[entry]! += dScore * part;
          }
        }
      return { inputs: [dq, dk, dv], weights: dTable ? { table: dTable } : {} };
    },
  };
};

/** The four entries of the table, and how much of each, that make the bias of a query and a key. */
function biasOf({ table }: OpOf<"attention">, [, h, w]: Shape, head: number, query: number, key: number) {
  const size = 2 * table - 1;
  const rows = between(Math.floor(key / w) - Math.floor(query / w) + h - 1, 2 * h - 1, size);
  const columns = between((key % w) - (query % w) + w - 1, 2 * w - 1, size);
  return rows.flatMap((row) =>
    columns.map((column) => ({
      entry: (head * size + row.entry) * size + column.entry,
      part: row.part * column.part,
    })),
  );
}

/** Entry i of `from` entries resized linearly to `to` (corners aligned) as parts of two of them. */
function between(i: number, to: number, from: number) {
  const exact = to === 1 ? 0 : (i * (from - 1)) / (to - 1);
  const low = Math.min(Math.floor(exact), from - 1);
  return [
    { entry: low, part: 1 - (exact - low) },
    { entry: Math.min(low + 1, from - 1), part: exact - low },
  ];
}
