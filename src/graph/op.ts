/** Channels, height and width of one example; batch is never in the graph. */
export type Shape = readonly [channels: number, height: number, width: number];

export const activations = [
  "relu",
  "relu6",
  "hard-swish",
  "hard-sigmoid",
  "gelu",
  "silu",
  "sigmoid",
] as const;
export type Activation = (typeof activations)[number];

/**
 * The closed set of operators. A new kind needs its entry in every `PerKind`
 * table; the compiler lists the missing ones.
 *
 * - `conv`         kernel × kernel (odd), padded with (kernel - 1) / 2 · dilation zeros on every side;
 *                  depthwise when groups = channels; on a 1 × 1 map it is the linear layer
 * - `norm`         batch normalisation, ε = 1e-5, with scale and shift
 * - `layerNorm`    over the channels of each position, ε = 1e-5, with scale and shift
 * - `act`          elementwise; gelu is the exact one, x·Φ(x); hard-sigmoid is relu6(x + 3) / 6
 * - `scale`        one learned factor a channel (layer scale), which starts at `init`
 * - `add`          sum of inputs of equal shape; `average` their mean
 * - `mul`          first input times a gate of shape [c, 1, 1], [1, h, w] or [c, h, w]
 * - `concat`       along channels
 * - `globalPool`   mean over all positions, to [c, 1, 1]
 * - `avgPool`      mean over kernel × kernel windows without padding
 * - `shuffle`      channel shuffle: [groups, c / groups] transposed
 * - `maxRelative`  MobileViG's max-relative features: at each position the larger of 0 and
 *                  x - roll(x, i) over all shifts i = step, 2·step, ... below the height, and
 *                  likewise along the width; rolls wrap round: roll(x, i)[y] = x[y - i]. Where several are
 *                  largest the first has the gradient, and 0 comes before all
 * - `attention`    multi-head attention of inputs q, k, v over all positions: softmax of
 *                  qᵀk / √(c / heads) plus a learned bias by relative position, a table
 *                  [heads, 2·table - 1, 2·table - 1] resized bilinearly (align corners; a size of 1 takes
 *                  the first entry) to [heads, 2h - 1, 2w - 1] and read at key - query + (h - 1, w - 1);
 *                  table 0 means no bias. Head i has channels i·c / heads and up of q, k, v and the output
 */
export type Op =
  | { readonly kind: "input"; readonly shape: Shape }
  | {
      readonly kind: "conv";
      readonly out: number;
      readonly kernel: number;
      readonly stride: number;
      readonly dilation: number;
      readonly groups: number;
      readonly bias: boolean;
    }
  | { readonly kind: "norm" }
  | { readonly kind: "layerNorm" }
  | { readonly kind: "act"; readonly fn: Activation }
  | { readonly kind: "scale"; readonly init: number }
  | { readonly kind: "add" }
  | { readonly kind: "average" }
  | { readonly kind: "mul" }
  | { readonly kind: "concat" }
  | { readonly kind: "globalPool" }
  | { readonly kind: "avgPool"; readonly kernel: number; readonly stride: number }
  | { readonly kind: "shuffle"; readonly groups: number }
  | { readonly kind: "maxRelative"; readonly step: number }
  | { readonly kind: "attention"; readonly heads: number; readonly table: number };

export type Kind = Op["kind"];
export type OpOf<K extends Kind> = Extract<Op, { kind: K }>;

/** A total table: one function per operator kind. */
export type PerKind<R, A extends readonly unknown[] = []> = {
  readonly [K in Kind]: (op: OpOf<K>, ...args: A) => R;
};

/** Look an operator up in a total table and call its entry. */
export const perKind = <R, A extends readonly unknown[]>(table: PerKind<R, A>, op: Op, ...args: A): R =>
  (table[op.kind] as (op: Op, ...args: A) => R)(op, ...args);

/** ε of both normalisations. */
export const normEpsilon = 1e-5;
