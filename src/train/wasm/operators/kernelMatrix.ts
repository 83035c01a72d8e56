import type { Address } from "../kernels.js";
import type { Backward, Call } from "../operator.js";
import { padded } from "../value.js";

/** One group's share of a convolution kernel, as a matrix [taps · padded channels in, padded channels out]. */
export interface Part {
  /** Taps that count, by their number in the kernel. */
  readonly taps: readonly number[];
  readonly group: number;
  readonly groups: number;
}

/** Channels in and out of a group, and the sides of its matrix. */
export function sizesOf({ shape, inputs }: Call, { taps, groups }: Omit<Part, "group">) {
  const deep = inputs[0]!.shape[0] / groups;
  const wide = shape[0] / groups;
  return { deep, wide, depth: taps.length * padded(deep), width: padded(wide) };
}

/** For each tap the places of its numbers in the graph's layout, [kernel, kernel, in / groups, out], and in the matrix. */
function eachTap(
  call: Call,
  part: Part,
  kernel: Address,
  matrix: Address,
  visit: (inKernel: Address, inMatrix: Address) => void,
): void {
  const { deep, wide, width } = sizesOf(call, part);
  part.taps.forEach((tap, i) => {
    visit(
      kernel + 4 * (tap * deep * call.shape[0] + part.group * wide),
      matrix + 4 * i * padded(deep) * width,
    );
  });
}

/** A part as a matrix. */
export function kernelMatrix(call: Call, part: Part): Address {
  const { deep, wide, depth, width } = sizesOf(call, part);
  const matrix = zeros(call, depth * width);
  eachTap(call, part, call.weight("kernel").at, matrix, (from, to) =>
    call.heap.kernels.copyColumns(from, 4 * call.shape[0], to, 4 * width, deep, wide),
  );
  return matrix;
}

/** A part in panels: as it is to make the output, transposed to make the gradient of the input. */
export function packKernel(call: Call, part: Part, way: "forward" | "backward"): Address {
  const { depth, width } = sizesOf(call, part);
  return packMatrix(call, kernelMatrix(call, part), depth, width, way);
}

/** A matrix [depth, width] in panels, likewise. */
export function packMatrix(
  call: Call,
  matrix: Address,
  depth: number,
  width: number,
  way: "forward" | "backward",
): Address {
  const { kernels } = call.heap;
  const panels = call.take(depth * width);
  if (way === "forward") kernels.packPanels(matrix, width, 1, depth, width, panels);
  else kernels.packPanels(matrix, 1, width, width, depth, panels);
  return panels;
}

/** Put the gradient of a part where it belongs in the gradient of the kernel. */
export function unpackKernel(call: Backward, part: Part, matrix: Address): void {
  const { deep, wide, width } = sizesOf(call, part);
  eachTap(call, part, call.learned("kernel"), matrix, (to, from) =>
    call.heap.kernels.copyColumns(from, 4 * width, to, 4 * call.shape[0], deep, wide),
  );
}

/** Scratch memory of zeros. */
export function zeros({ heap, take }: Call, count: number): Address {
  const at = take(count);
  heap.clear(at, count);
  return at;
}
