import { UserError } from "../base/errors.js";
import { type Op, type PerKind, perKind, type Shape } from "./op.js";

const text = (shape: readonly number[]) => `[${shape.join(", ")}]`;

function check(holds: boolean, op: Op, what: string, expected: string): void {
  if (!holds) throw new UserError(`${op.kind}: ${what}`, expected);
}

function one(op: Op, inputs: readonly Shape[]): Shape {
  check(inputs.length === 1, op, `has ${inputs.length} inputs`, "It takes 1.");
  return inputs[0]!;
}

function alike(op: Op, inputs: readonly Shape[]): Shape {
  const [first, ...rest] = inputs;
  check(rest.length > 0, op, `has ${inputs.length} inputs`, "It takes 2 or more.");
  for (const other of rest)
    check(
      other.every((n, i) => n === first![i]),
      op,
      `inputs are ${inputs.map(text).join(" and ")}`,
      "They must have one shape.",
    );
  return first!;
}

const whole = (op: Op, name: string, n: number, least = 1) =>
  check(
    Number.isInteger(n) && n >= least,
    op,
    `${name} is ${n}`,
    `It must be a whole number from ${least} up.`,
  );

const shapes: PerKind<Shape, [inputs: readonly Shape[]]> = {
  input(op, inputs) {
    check(inputs.length === 0, op, `has ${inputs.length} inputs`, "It takes none.");
    check(op.shape.length === 3, op, `shape is ${text(op.shape)}`, "It must be [channels, height, width].");
    for (const n of op.shape) whole(op, "a dimension", n);
    return op.shape;
  },
  conv(op, inputs) {
    const [c, h, w] = one(op, inputs);
    for (const name of ["out", "kernel", "stride", "dilation", "groups"] as const) whole(op, name, op[name]);
    check(op.kernel % 2 === 1, op, `kernel is ${op.kernel}`, "It must be odd.");
    check(
      c % op.groups === 0 && op.out % op.groups === 0,
      op,
      `groups is ${op.groups} with ${c} channels in and ${op.out} out`,
      "It must divide both.",
    );
    return [op.out, Math.ceil(h / op.stride), Math.ceil(w / op.stride)];
  },
  norm: one,
  layerNorm: one,
  act: one,
  scale(op, inputs) {
    check(Number.isFinite(op.init), op, `init is ${op.init}`, "It must be a finite number.");
    return one(op, inputs);
  },
  add: alike,
  average: alike,
  mul(op, inputs) {
    check(inputs.length === 2, op, `has ${inputs.length} inputs`, "It takes 2.");
    const [x, gate] = inputs as [Shape, Shape];
    const fits = (g: Shape) => g.every((n, i) => n === gate[i]);
    check(
      fits([x[0], 1, 1]) || fits([1, x[1], x[2]]) || fits(x),
      op,
      `gate ${text(gate)} does not fit ${text(x)}`,
      `It must be [${x[0]}, 1, 1], [1, ${x[1]}, ${x[2]}] or ${text(x)}.`,
    );
    return x;
  },
  concat(op, inputs) {
    const [first] = inputs;
    check(inputs.length > 1, op, `has ${inputs.length} inputs`, "It takes 2 or more.");
    for (const other of inputs)
      check(
        other[1] === first![1] && other[2] === first![2],
        op,
        `inputs are ${inputs.map(text).join(" and ")}`,
        "Height and width must agree.",
      );
    return [inputs.reduce((sum, s) => sum + s[0], 0), first![1], first![2]];
  },
  globalPool(op, inputs) {
    return [one(op, inputs)[0], 1, 1];
  },
  avgPool(op, inputs) {
    const [c, h, w] = one(op, inputs);
    whole(op, "kernel", op.kernel);
    whole(op, "stride", op.stride);
    check(
      h >= op.kernel && w >= op.kernel,
      op,
      `kernel is ${op.kernel} on a ${h} × ${w} map`,
      "The map must be at least as large.",
    );
    return [c, Math.floor((h - op.kernel) / op.stride) + 1, Math.floor((w - op.kernel) / op.stride) + 1];
  },
  shuffle(op, inputs) {
    const shape = one(op, inputs);
    whole(op, "groups", op.groups);
    check(
      shape[0] % op.groups === 0,
      op,
      `groups is ${op.groups} with ${shape[0]} channels`,
      "It must divide them.",
    );
    return shape;
  },
  maxRelative(op, inputs) {
    whole(op, "step", op.step);
    return one(op, inputs);
  },
  attention(op, inputs) {
    check(inputs.length === 3, op, `has ${inputs.length} inputs`, "It takes 3: q, k and v.");
    whole(op, "heads", op.heads);
    whole(op, "table", op.table, 0);
    const shape = alike(op, inputs);
    check(
      shape[0] % op.heads === 0,
      op,
      `heads is ${op.heads} with ${shape[0]} channels`,
      "It must divide them.",
    );
    return shape;
  },
};

/**
 * The shape [c, h, w] an operator makes of its inputs' shapes.
 *
 * @throws UserError  when the operator cannot take them, with what was got and what fits
 */
export const outputShape = (op: Op, inputs: readonly Shape[]): Shape => perKind(shapes, op, inputs);
