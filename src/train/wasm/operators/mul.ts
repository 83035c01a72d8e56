import type { Address, Kernels } from "../kernels.js";
import type { Backward, Operator } from "../operator.js";
import { rowsOf, type Value } from "../value.js";

/** What a gate has one number for. */
type Kind = "channel" | "position" | "number";

function kindOf(x: Value, gate: Value): Kind {
  const [channels, height, width] = gate.shape;
  if (x.shape.every((n, i) => n === gate.shape[i])) return "number";
  return height === 1 && width === 1 && channels === x.shape[0] ? "channel" : "position";
}

/** y = x · gate for one image of x. */
function times(kernels: Kernels, x: Value, gate: Value, rows: Address, gates: Address, y: Address): void {
  const size = x.shape[1] * x.shape[2];
  const kind = kindOf(x, gate);
  if (kind === "number") kernels.times(rows, gates, y, size * x.stride);
  else if (kind === "channel") kernels.timesChannels(rows, gates, y, size, x.stride);
  else kernels.timesPositions(rows, gates, 4 * gate.stride, y, size, x.stride);
}

/** The gradient of the gate for one image: x times the output's gradient, summed over what the gate is spread over. */
function gateGradient(
  { heap }: Backward,
  x: Value,
  gate: Value,
  rows: Address,
  dy: Address,
  to: Address,
): void {
  const size = x.shape[1] * x.shape[2];
  const kind = kindOf(x, gate);
  if (kind !== "number") heap.clear(to, (gate.rows / x.rows) * size * gate.stride);
  if (kind === "number") heap.kernels.times(dy, rows, to, size * x.stride);
  else if (kind === "channel") heap.kernels.dotRows(dy, rows, to, size, x.stride);
  else heap.kernels.dotPositions(dy, rows, to, 4 * gate.stride, size, x.shape[0], x.stride);
}

/** A value times a gate, one image at a time. */
export const mul: Operator<"mul"> = {
  forward(_, { heap, take, batch, inputs, out }) {
    const [x, gate] = inputs as [Value, Value];
    const [size, gateSize] = [x.rows / batch, gate.rows / batch];
    const rows = rowsOf(heap, x, size, take);
    const gates = rowsOf(heap, gate, gateSize, take);
    for (let image = 0; image < batch; image++) {
      const y = out.at + 4 * x.stride * size * image;
      times(heap.kernels, x, gate, rows(size * image, size), gates(gateSize * image, gateSize), y);
      out.done(size * image, size);
    }
  },

  backward(_, call) {
    const { heap, take, batch } = call;
    const [x, gate] = call.inputs as [Value, Value];
    const [size, gateSize] = [x.rows / batch, gate.rows / batch];
    const rows = rowsOf(heap, x, size, take);
    const gates = rowsOf(heap, gate, gateSize, take);
    const gradients = call.gradientRows(size);
    const dx = call.into(0);
    const dGate = call.into(1);
    for (let image = 0; image < batch; image++) {
      const dy = gradients(size * image, size);
      if (dGate !== undefined) {
        const to = dGate.at + 4 * gate.stride * gateSize * image;
        gateGradient(call, x, gate, rows(size * image, size), dy, to);
        dGate.done(gateSize * image, gateSize);
      }
      if (dx !== undefined) {
        const to = dx.at + 4 * x.stride * size * image;
        times(heap.kernels, x, gate, dy, gates(gateSize * image, gateSize), to);
        dx.done(size * image, size);
      }
    }
  },
};
