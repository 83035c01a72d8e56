import { stream } from "../../base/rng.js";
import { input, type Node } from "../../graph/node.js";
import type { Shape } from "../../graph/op.js";
import { type Initial, type Role, sizeOf } from "../../graph/weights.js";
import { builderOf, type Form } from "../../space/build.js";
import { geneAt, geneCount } from "../../space/gene.js";
import type { Space } from "../../space/space.js";
import { withQuietBranches } from "../../train/quiet.js";
import { eachRun, type Sharing, type Slot, slotsOf } from "./sharing.js";

/** One weight that networks share slices of, and its velocity. */
export interface Shared {
  readonly role: Role;
  readonly shape: readonly number[];
  readonly values: Float32Array;
  readonly velocity: Float32Array;
}

/** All weights of a supernet, by key. */
export type SharedWeights = ReadonlyMap<string, Shared>;

interface Found {
  readonly role: Role;
  readonly shape: readonly number[];
  readonly initial: Initial;
  /** In every network that has it, it ends a residual branch. */
  readonly isQuiet: boolean;
}

/** Genes of a stage that are looked at most; it is an error of the space's size to have more. */
const mostGenes = 20_000n;

/**
 * The size of every weight the networks of a space need in a form: each the largest of its slices.
 *
 * @throws RangeError  when a stage has so many genes that they cannot be looked through
 */
export function findWeights(space: Space, form: Form, sharing: Sharing): ReadonlyMap<string, Found> {
  const { stem, stage, head } = builderOf(space, form);
  const found = new Map<string, Found>();
  const note = (out: Node): void => {
    const slots = slotsOf(out, sharing);
    const one = new Float32Array([1]);
    const quiet = withQuietBranches(out, new Map(slots.map(({ path }) => [path, one])));
    for (const { path, key, role, shape, initial } of slots) {
      const before = found.get(key);
      const isQuiet = quiet.get(path)![0] === 0 && (before?.isQuiet ?? true);
      const largest = before === undefined || sizeOf(shape) >= sizeOf(before.shape);
      found.set(key, {
        role,
        shape: before === undefined ? shape : shape.map((n, axis) => Math.max(n, before.shape[axis]!)),
        initial: largest ? initial : before.initial,
        isQuiet,
      });
    }
  };
  const first = stem();
  note(first);
  let shapes = new Map<string, Shape>([[first.shape.join(), first.shape]]);
  space.stages.forEach((spec, i) => {
    const deepest = { ...spec, depth: [Math.max(...spec.depth)] };
    const count = geneCount(deepest);
    if (count > mostGenes) throw new RangeError(`stage ${spec.name} has ${count} genes a depth`);
    const next = new Map<string, Shape>(spec.depth.includes(0) ? shapes : []);
    for (const shape of shapes.values())
      for (let n = 0n; n < count; n++) {
        const out = stage(input(shape), i, geneAt(deepest, n));
        note(out);
        next.set(out.shape.join(), out.shape);
      }
    shapes = next;
  });
  for (const shape of shapes.values()) note(head(input(shape)));
  return found;
}

/** The weights of a supernet before training: each drawn from a stream of its own. */
export const startingWeights = (found: ReadonlyMap<string, Found>, seed: number): SharedWeights =>
  new Map(
    [...found].map(([key, { role, shape, initial, isQuiet }]) => {
      const size = sizeOf(shape);
      const rng = stream(seed, "supernet", key);
      const draw = "value" in initial ? () => initial.value : () => initial.deviation * rng.normal();
      const values = isQuiet ? new Float32Array(size) : Float32Array.from({ length: size }, draw);
      return [key, { role, shape, values, velocity: new Float32Array(size) }];
    }),
  );

/** What a network begins with of the supernet's weights: its slices, copied, by the network's paths. */
export function inherited(shared: SharedWeights, slots: readonly Slot[]): Map<string, Float32Array> {
  return new Map(
    slots.map((slot) => {
      const { values, shape } = shared.get(slot.key)!;
      const slice = new Float32Array(sizeOf(slot.shape));
      eachRun(slot, shape, (inWhole, inSlice, count) => {
        slice.set(values.subarray(inWhole, inWhole + count), inSlice);
      });
      return [slot.path, slice];
    }),
  );
}

/** Gradients of shared weights, by key, of the slices that some networks touched. */
export type Gradients = Map<string, { readonly sum: Float32Array; readonly touched: Uint8Array }>;

/** Add the gradients of one network's slices, times a factor. */
export function gather(
  into: Gradients,
  shared: SharedWeights,
  slots: readonly Slot[],
  gradients: ReadonlyMap<string, Float32Array>,
  factor = 1,
): void {
  for (const slot of slots) {
    const found = gradients.get(slot.path)!;
    const { values, shape } = shared.get(slot.key)!;
    const sums = into.get(slot.key) ?? {
      sum: new Float32Array(values.length),
      touched: new Uint8Array(values.length),
    };
    into.set(slot.key, sums);
    eachRun(slot, shape, (inWhole, inSlice, count) => {
      for (let i = 0; i < count; i++) {
        sums.sum[inWhole + i]! += factor * found[inSlice + i]!;
        sums.touched[inWhole + i] = 1;
      }
    });
  }
}

/**
 * One step of stochastic gradient descent with Nesterov's momentum, on what was touched alone:
 * weights of candidates that did not take part stay as they are.
 */
export function descend(
  shared: SharedWeights,
  gradients: Gradients,
  learningRate: number,
  { momentum, weightDecay }: { readonly momentum: number; readonly weightDecay: number },
): void {
  for (const [key, { sum, touched }] of gradients) {
    const { values, velocity, role } = shared.get(key)!;
    const decay = role === "kernel" ? weightDecay : 0;
    for (let i = 0; i < sum.length; i++) {
      if (touched[i] === 0) continue;
      const pull = sum[i]! + decay * values[i]!;
      velocity[i] = momentum * velocity[i]! + pull;
      values[i]! -= learningRate * (pull + momentum * velocity[i]!);
    }
  }
}
