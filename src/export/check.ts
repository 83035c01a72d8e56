import { exitCodes, UserError } from "../base/errors.js";
import { stream } from "../base/rng.js";
import { nodes } from "../graph/node.js";
import { sizeOf } from "../graph/weights.js";
import type { Engine } from "../train/engine.js";
import type { Exported } from "./format.js";

/** How far outputs may be apart, as `relativeDifference` measures it. */
export const tolerance = 1e-4;

/** Images compared. Two, so that a mix-up within the batch shows. */
const count = 2;

/** The largest difference of two outputs, as a share of the largest output wanted. NaN when any number is. */
export function relativeDifference(found: Float32Array, wanted: Float32Array): number {
  if (found.length !== wanted.length) return Number.NaN;
  let scale = 0;
  let apart = 0;
  for (let i = 0; i < wanted.length; i++) {
    scale = Math.max(scale, Math.abs(wanted[i]!));
    apart = Math.max(apart, Math.abs(found[i]! - wanted[i]!));
  }
  return apart === 0 ? 0 : apart / scale;
}

/**
 * Compare a written file's outputs with an engine's in inference mode, on
 * normally distributed random images.
 *
 * @param run  the file's outputs [count, ...shape of the network] for images [count, c, h, w]
 * @returns    the relative difference, at most `tolerance`
 * @throws UserError  (exit code 1) when it is more
 */
export async function compareOutputs(
  { network, weights }: Exported,
  engine: Engine,
  run: (images: Float32Array, shape: readonly number[]) => Promise<Float32Array>,
): Promise<number> {
  const [c, h, w] = nodes(network)[0]!.shape;
  const rng = stream(0, "export", "check");
  const images = Float32Array.from({ length: count * sizeOf([c, h, w]) }, () => rng.normal());
  const trainer = await engine.open(network, weights, {
    momentum: 0,
    nesterov: false,
    weightDecay: 0,
    labelSmoothing: 0,
  });
  const outputs = trainer.logits({ images, count });
  trainer.dispose();
  const wanted = channelsFirst(outputs, network.channels, network.height * network.width);
  const found = await run(channelsFirst(images, c, h * w), [count, c, h, w]);
  const difference = relativeDifference(found, wanted);
  if (difference <= tolerance) return difference;
  throw new UserError(
    `the written file does not compute what the network does: outputs differ by ${difference.toExponential(1)} of the largest`,
    `At most ${tolerance} is allowed, so no file was kept. Please report this with the command you ran.`,
    exitCodes.runtime,
  );
}

/** [count, positions, c] to [count, c, positions]. */
function channelsFirst(from: Float32Array, c: number, positions: number): Float32Array {
  const to = new Float32Array(from.length);
  for (let i = 0; i < from.length; i++) {
    const image = Math.floor(i / (c * positions));
    const position = Math.floor(i / c) % positions;
    to[(image * c + (i % c)) * positions + position] = from[i]!;
  }
  return to;
}
