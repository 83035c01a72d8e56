import { type Node, paths } from "../../graph/node.js";
import type { Op, Shape } from "../../graph/op.js";
import { type Role, weightsOf } from "../../graph/weights.js";
import type { Mode } from "./affine.js";
import { type Ending, endingOf } from "./ending.js";
import { cacheLine, type Heap, type Take, type Tensor } from "./heap.js";
import type { Address } from "./kernels.js";
import type { Backward, Call, Operator, Sink } from "./operator.js";
import { identity } from "./operators/identity.js";
import * as operators from "./operators/index.js";
import { type Unit, units } from "./units.js";
import { padded, type Rows, type Value } from "./value.js";

/** Every kind but the three that stand behind others (`units`) and the input. */
const table: { readonly [K in Exclude<Op["kind"], "input" | "norm" | "scale" | "act">]: Operator<K> } =
  operators;

/** That small vectors lasting for a run are cut from. */
const slabBytes = 65_536;

/** A network made ready to run. */
export interface Network {
  readonly units: readonly Unit[];
  readonly path: ReadonlyMap<Node, string>;
  /** How many inputs of units read each unit's output. */
  readonly readers: ReadonlyMap<Node, number>;
  /** Outputs of units that a learned weight stands in or before. */
  readonly learning: ReadonlySet<Node>;
}

/** @param toImages  whether the gradient is wanted of the images, too */
export function networkOf(out: Node, toImages = false): Network {
  const all = units(out);
  const readers = new Map<Node, number>();
  const learning = new Set<Node>();
  for (const unit of all) {
    for (const from of unit.inputs) readers.set(from, (readers.get(from) ?? 0) + 1);
    const inside =
      [unit.anchor, unit.affine].some((n) => n && weightsOf(n).length > 0) ||
      (toImages && unit.anchor?.op.kind === "input");
    if (inside || unit.inputs.some((from) => learning.has(from))) learning.add(unit.output);
  }
  return { units: all, path: paths(out), readers, learning };
}

/** A unit in one run. */
interface Running {
  readonly unit: Unit;
  readonly value: Value;
  /** What the anchor wrote. */
  readonly input: Value;
  readonly ending: Ending;
  /** Tensors of its own: what the anchor wrote, and what its readers read where that is another. */
  readonly owned: ReadonlySet<Tensor>;
  /** The unit whose tensor it reads instead of writing one, having no anchor. */
  readonly shared: Running | undefined;
  /** Inputs of units that will yet read it, on the way forth or back. */
  readers: number;
  /** Of the value, so far. */
  gradient: Tensor | undefined;
}

/** One way forth over a batch. Small tensors are left over: run inside `heap.passing`. */
export interface Run {
  /** Of the network's last node. */
  readonly value: Value;
  /**
   * The way back, once, from the gradient of the value; tensors are given back on the way.
   *
   * @param learn  called with the gradient of each learned weight, in the graph's layout, good during the call
   */
  back(gradient: Tensor, learn: (path: string, gradient: Tensor) => void): void;
}

/** What is told of a run while it lasts. */
export interface Witness {
  /** A unit has its value; the anchor's own is another when something stands behind it. */
  made(node: Node, value: Value): void;
  /** The gradient of what an anchor wrote, at most `most` rows at a time. */
  led(anchor: Node, value: Value, gradient: (most: number, take: Take) => Rows): void;
}

/**
 * Run a network over a batch.
 *
 * @param images   [batch, height, width, padded channels]
 * @param weights  every weight and statistic by path; statistics change when the mode is `learn`
 */
export function run(
  heap: Heap,
  network: Network,
  images: Tensor,
  weights: ReadonlyMap<string, Tensor>,
  mode: Mode,
  witness?: Witness,
): Run {
  const batch = images.shape[0]!;
  const running = new Map<Node, Running>();
  const gradients = new Map<string, Tensor>();

  const zeros = (count: number): Tensor => {
    const made = heap.tensor([count]);
    heap.clear(made.at, count);
    return made;
  };
  const pathOf = (node: Node | undefined, role: Role) => `${network.path.get(node!)}/${role}`;
  const weightIn = (node: Node | undefined) => (role: Role) => weights.get(pathOf(node, role))!;
  const learnedIn = (node: Node | undefined) => (role: Role) => {
    const path = pathOf(node, role);
    const made = gradients.get(path) ?? zeros(weights.get(path)!.size);
    gradients.set(path, made);
    return made.at;
  };
  const slabOf = (bytes: number) => ({ at: zeros(bytes / 4).at, bytes });
  let slab = { at: 0, bytes: 0 };
  const lasting = (count: number): Address => {
    const bytes = Math.ceil((4 * count) / cacheLine) * cacheLine;
    if (slab.bytes < bytes) slab = slabOf(Math.max(bytes, slabBytes));
    const { at } = slab;
    slab = { at: at + bytes, bytes: slab.bytes - bytes };
    return at;
  };
  const emptyValue = (shape: Shape, stored?: Tensor): Value => {
    const [channels, height, width] = shape;
    const stride = padded(channels);
    return {
      shape,
      stride,
      rows: batch * height * width,
      stored: stored ?? heap.tensor([batch, height, width, stride]),
    };
  };
  const callOf = (unit: Unit, take: Take): Call => ({
    heap,
    take,
    batch,
    inputs: unit.inputs.map((from) => running.get(from)!.value),
    shape: (unit.anchor ?? unit.output).shape,
    weight: weightIn(unit.anchor),
  });
  const free = ({ owned }: Running): void => {
    for (const tensor of owned) tensor.dispose();
  };
  const release = (read: Running): void => {
    if (--read.readers > 0) return;
    free(read);
    if (read.shared) release(read.shared);
  };

  const forth = (unit: Unit): Running => {
    const first = unit.inputs[0] && running.get(unit.inputs[0]);
    const shared = unit.anchor === undefined && first?.value.pending === undefined ? first : undefined;
    const given = unit.anchor?.op.kind === "input" ? images : shared?.value.stored;
    const input = emptyValue((unit.anchor ?? unit.output).shape, given);
    const ending = endingOf(unit, {
      heap,
      mode,
      input,
      lasting,
      weight: weightIn(unit.affine),
      learned: learnedIn(unit.affine),
    });
    const at = input.stored.at;
    if (given !== undefined) ending.wrote(at, input.rows);
    else
      heap.scratch((take) => {
        const out: Sink = {
          at,
          done: (row, count) => ending.wrote(at + 4 * input.stride * row, count),
        };
        operatorOf(unit).forward({ ...callOf(unit, take), out });
      });
    const readers = network.readers.get(unit.output) ?? 1;
    const value = ending.value();
    const owned = new Set(shared ? [] : [input.stored]);
    if (value.stored !== input.stored) owned.add(value.stored);
    if (unit.anchor !== undefined && unit.anchor !== unit.output) witness?.made(unit.anchor, input);
    witness?.made(unit.output, value);
    return { unit, value, input, ending, owned, shared, readers, gradient: undefined };
  };

  for (const unit of network.units) {
    const ran = forth(unit);
    running.set(unit.output, ran);
    if (mode !== "infer") continue;
    for (const from of unit.inputs) if (ran.shared !== running.get(from)) release(running.get(from)!);
  }

  const backThrough = (ran: Running): void => {
    const { unit, ending } = ran;
    const own = ran.gradient!;
    const source = ending.gradient(own);
    if (unit.anchor !== undefined) witness?.led(unit.anchor, ran.input, source.rows);
    if (unit.inputs.length > 0)
      heap.scratch((take) => {
        const into = inflow(heap, network, unit, running, own);
        const call: Backward = {
          ...callOf(unit, take),
          gradient: source,
          gradientRows: (most) => source.rows(most, take),
          into: into.sink,
          learned: learnedIn(unit.anchor),
        };
        operatorOf(unit).backward(call);
        into.finish();
      });
    if (unit.inputs.every((from) => running.get(from)!.gradient !== own)) own.dispose();
    free(ran);
  };

  const last = network.units.at(-1)!.output;
  return {
    value: running.get(last)!.value,
    back(gradient, learn) {
      running.get(last)!.gradient = gradient;
      for (const unit of network.units.toReversed()) {
        const ran = running.get(unit.output)!;
        if (network.learning.has(unit.output)) backThrough(ran);
        else free(ran);
        for (const [path, found] of gradients) {
          learn(path, found);
          found.dispose();
        }
        gradients.clear();
      }
    },
  };
}

/** The operator of a unit's anchor, or none. */
function operatorOf(unit: Unit) {
  const op = unit.anchor?.op;
  if (op === undefined) return identity;
  const { forward, backward } = table[op.kind as keyof typeof table] as Operator<Op["kind"]>;
  return {
    forward: (call: Parameters<typeof forward>[1]) => forward(op, call),
    backward: (call: Backward) => backward(op, call),
  };
}

/** Where the gradients of a unit's inputs go: each sink adds what other readers gave before, block by block. `own` is the output's. */
function inflow(heap: Heap, network: Network, unit: Unit, running: ReadonlyMap<Node, Running>, own: Tensor) {
  const { kernels } = heap;
  const flows: { readonly to: Running; readonly tensor: Tensor }[] = [];
  return {
    sink(input: number, over?: "output"): Sink | undefined {
      const from = unit.inputs[input]!;
      if (!network.learning.has(from)) return undefined;
      const to = running.get(from)!;
      const { stored, stride } = to.value;
      const isOver = over === "output" && stored.shape.every((n, axis) => n === own.shape[axis]);
      const tensor = isOver ? own : heap.tensor(stored.shape);
      const at = tensor.at;
      const alone = unit.inputs.filter((other) => other === from).length === 1;
      const before = alone && to.gradient ? to.gradient.at : undefined;
      const complete = alone && to.readers === 1;
      flows.push({ to, tensor });
      return {
        at,
        done(row, count) {
          const past = 4 * stride * row;
          if (before !== undefined) kernels.addTo(before + past, at + past, count * stride);
          if (complete) to.ending.gradientWrote(at + past, row, count);
        },
      };
    },
    /** Hand the gradients over, when the operator wrote all rows. */
    finish(): void {
      for (const { to, tensor } of flows) {
        const alone = flows.filter((flow) => flow.to === to).length === 1;
        if (!alone && to.gradient) kernels.addTo(to.gradient.at, tensor.at, tensor.size);
        to.gradient?.dispose();
        to.gradient = tensor;
      }
      for (const from of unit.inputs) running.get(from)!.readers--;
    },
  };
}
