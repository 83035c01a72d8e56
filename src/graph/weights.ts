import { type Node, nodes, paths } from "./node.js";
import { type PerKind, perKind, type Shape } from "./op.js";

/** How a weight starts: drawn from a normal of mean 0, or all one value. */
export type Initial = { readonly deviation: number } | { readonly value: number };

/** What a weight is for. `mean` and `variance` are running statistics, not learned. */
export type Role = "kernel" | "bias" | "gamma" | "beta" | "mean" | "variance" | "factor" | "table";

/**
 * One weight tensor of an operator. Layouts: convolution kernels
 * [kernel, kernel, channels in / groups, channels out]; everything by channel is [c];
 * a relative-position table is [heads, 2·table - 1, 2·table - 1].
 */
export interface WeightSpec {
  readonly role: Role;
  readonly shape: readonly number[];
  readonly learned: boolean;
  readonly initial: Initial;
}

const learned = (role: Role, shape: readonly number[], initial: Initial): WeightSpec => ({
  role,
  shape,
  learned: true,
  initial,
});
const statistic = (role: Role, c: number, value: number): WeightSpec => ({
  role,
  shape: [c],
  learned: false,
  initial: { value },
});
const affine = (c: number) => [learned("gamma", [c], { value: 1 }), learned("beta", [c], { value: 0 })];
const none = () => [];

const specs: PerKind<readonly WeightSpec[], [inputs: readonly Shape[]]> = {
  input: none,
  conv({ kernel, groups, out, bias }, [x]) {
    const fanIn = (kernel * kernel * x![0]) / groups;
    const k = learned("kernel", [kernel, kernel, x![0] / groups, out], { deviation: Math.sqrt(2 / fanIn) });
    return bias ? [k, learned("bias", [out], { value: 0 })] : [k];
  },
  norm: (_, [x]) => [...affine(x![0]), statistic("mean", x![0], 0), statistic("variance", x![0], 1)],
  layerNorm: (_, [x]) => affine(x![0]),
  act: none,
  scale: ({ init }, [x]) => [learned("factor", [x![0]], { value: init })],
  add: none,
  average: none,
  mul: none,
  concat: none,
  globalPool: none,
  avgPool: none,
  shuffle: none,
  maxRelative: none,
  attention: ({ heads, table }) =>
    table === 0 ? [] : [learned("table", [heads, 2 * table - 1, 2 * table - 1], { deviation: 0.02 })],
};

/** The weights of one node, in a fixed order. */
export const weightsOf = (node: Node): readonly WeightSpec[] =>
  perKind(
    specs,
    node.op,
    node.inputs.map((n) => n.shape),
  );

/** Every weight of a network by its path, `stage3.1/conv2/kernel`, in execution order. */
export function weightSpecs(out: Node): ReadonlyMap<string, WeightSpec> {
  const path = paths(out);
  return new Map(
    nodes(out).flatMap((node) =>
      weightsOf(node).map((spec) => [`${path.get(node)}/${spec.role}`, spec] as const),
    ),
  );
}

/** Numbers in a tensor of this shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);
