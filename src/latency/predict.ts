import { macsOf } from "../graph/cost.js";
import { kernels } from "../graph/fuse.js";
import type { Node } from "../graph/node.js";
import { blocksMs, operatorsOf } from "./blocks.js";
import { shareOf } from "./calibrate.js";
import { extent, outside } from "./coverage.js";
import { kernelMs } from "./model.js";
import type { BlockTarget, KernelInterval, KernelTarget, MeasuredTarget } from "./target.js";
import { workOf } from "./work.js";

/** What one part of a network takes. */
export interface PartLatency {
  readonly part: string;
  readonly ms: number;
  /** Of the whole prediction, 0..1. */
  readonly share: number;
  /** Null where the model does not look into the part. */
  readonly kernels: number | null;
  readonly macs: number | null;
}

/** One forward pass, batch 1, as a target's model has it. */
export interface Prediction {
  readonly ms: number;
  readonly lowMs: number;
  readonly highMs: number;
  /** Share of networks whose latency lies between `lowMs` and `highMs`. */
  readonly level: number;
  readonly kind: "predicted";
  /** The network is outside what the model was fitted on, and the interval wider. */
  readonly extrapolated: boolean;
  /** Why it is; empty when it is not. */
  readonly reasons: readonly string[];
  /** What the call itself takes, and all else that is in no part; with the parts it adds up to `ms`. */
  readonly callMs: number;
  /** In execution order. */
  readonly parts: readonly PartLatency[];
}

/** The half width of ln ms; `excess` as `outside` has it. */
export const halfWidthOf = (interval: KernelInterval, extrapolated: boolean, excess: number): number =>
  extrapolated ? interval.halfWidthOutside + excess / 2 : interval.halfWidth;

/**
 * Predict one forward pass on a device by adding up what its model says of each
 * fused kernel, and the call.
 *
 * @param out     last node of the network in its deployed form; shapes are [c, h, w], batch 1
 * @returns       milliseconds with an interval ms · exp(±w): w is the target's half width,
 *                or outside its validity the wider one, plus half of ln of how many times
 *                larger than the largest fitted one the network is (as if its latency grew
 *                with the root of its size, or with its root more, than the model says);
 *                smaller ones add nothing, for the call itself then takes most of the time
 *
 * Pure. Kernels running at once and falling back to another processor are not modelled.
 */
export function predict(out: Node, target: KernelTarget): Prediction {
  const { model, interval } = target;
  const order = kernels(out);
  const byPart = new Map<string, { ms: number; kernels: number; macs: number }>();
  let ms = model.callMs;
  for (const kernel of order) {
    const took = kernelMs(workOf(kernel, model.granularity), model);
    const sum = byPart.get(kernel.part) ?? { ms: 0, kernels: 0, macs: 0 };
    byPart.set(kernel.part, sum);
    sum.ms += took;
    sum.kernels += 1;
    for (const node of kernel.nodes) sum.macs += macsOf(node);
    ms += took;
  }
  const { ways, excess } = outside(extent(order), target.validity);
  const extrapolated = ways.length > 0;
  const halfWidth = halfWidthOf(interval, extrapolated, excess);
  return {
    ms,
    lowMs: ms * Math.exp(-halfWidth),
    highMs: ms * Math.exp(halfWidth),
    level: interval.level,
    kind: "predicted",
    extrapolated,
    reasons: ways.map(({ why }) => why),
    callMs: model.callMs,
    parts: [...byPart].map(([part, sum]) => ({ part, ...sum, share: sum.ms / ms })),
  };
}

/**
 * Predict one forward pass of a network of a table's space, in the form that was measured,
 * by adding up what the table says of its layers. A part is a layer, and its time what it
 * takes more than a skip there.
 *
 * @param genome  canonical line
 * @throws RangeError  when it is of another space
 */
export function predictBlocks(genome: string, { table, interval }: BlockTarget): Prediction {
  const numbers = operatorsOf(genome, table);
  const ms = blocksMs(numbers, table);
  return {
    ms,
    lowMs: ms * Math.exp(-interval.halfWidth),
    highMs: ms * Math.exp(interval.halfWidth),
    level: interval.level,
    kind: "predicted",
    extrapolated: false,
    reasons: [],
    callMs: table.restMs,
    parts: numbers.map((operator, layer) => {
      const took = table.ms[layer]![operator]!;
      return { part: `layer${layer + 1}`, ms: took, share: took / ms, kernels: null, macs: null };
    }),
  };
}

/** Of a network's time: below this, kernels the table lacks do not make a prediction an extrapolation. */
const hardlyAny = 0.01;

/** The half width of ln ms by a table, and whether its kernels are extrapolated; `share` is theirs of the time. */
export const tableWidth = ({ interval }: MeasuredTarget, share: number) => ({
  halfWidth: interval.halfWidth + share * interval.extrapolated,
  extrapolated: share > hardlyAny,
});

/**
 * Predict one forward pass by a table of measured kernels.
 *
 * @param out  last node of the network in its deployed form; shapes are [c, h, w], batch 1
 * @returns    milliseconds with an interval ms · exp(±w): w is the half width the table states, wider
 *             by the share of time in kernels that are neither measured nor between measured ones
 */
export function predictMeasured(out: Node, target: MeasuredTarget): Prediction {
  const { model } = target;
  const order = target.time(out);
  const macs = new Map<string, number>();
  for (const { part, nodes } of kernels(out))
    macs.set(
      part,
      nodes.reduce((sum, node) => sum + macsOf(node), macs.get(part) ?? 0),
    );
  const byPart = new Map<string, { ms: number; kernels: number }>();
  let [ms, extrapolatedMs, missing] = [model.callMs, 0, 0];
  for (const kernel of order) {
    const took = shareOf(kernel, model);
    const sum = byPart.get(kernel.part) ?? { ms: 0, kernels: 0 };
    byPart.set(kernel.part, { ms: sum.ms + took, kernels: sum.kernels + 1 });
    ms += took;
    if (kernel.known !== "extrapolated") continue;
    extrapolatedMs += took;
    missing++;
  }
  const share = extrapolatedMs / ms;
  const { halfWidth, extrapolated } = tableWidth(target, share);
  return {
    ms,
    lowMs: ms * Math.exp(-halfWidth),
    highMs: ms * Math.exp(halfWidth),
    level: model.interval.level,
    kind: "predicted",
    extrapolated,
    reasons: extrapolated
      ? [
          `${missing} of ${order.length} kernels, ${(100 * share).toFixed(0)} % of the time, are outside the table: nas latency measure --networks adds them`,
        ]
      : [],
    callMs: model.callMs,
    parts: [...byPart].map(([part, sum]) => ({ part, ...sum, macs: macs.get(part)!, share: sum.ms / ms })),
  };
}
