import type { Kernel } from "../graph/fuse.js";
import { type BlockTable, blocksMs } from "./blocks.js";
import { type Numbers, shareOf } from "./calibrate.js";
import { type KernelModel, kernelMs } from "./model.js";
import type { Timed } from "./timed.js";
import { workOf } from "./work.js";

/** Where a time goes, 0..1 each, in all 1. */
export type Shares = Readonly<Record<string, number>>;

function toShares(ms: ReadonlyMap<string, number>): Shares {
  const total = [...ms.values()].reduce((sum, v) => sum + v, 0);
  return Object.fromEntries([...ms].map(([name, v]) => [name, v / total]));
}

/** Where a kernel model has a network's time go: the call, and the kinds of its kernels; what reorders is its own kind. */
export function kernelShares(order: readonly Kernel[], model: KernelModel): Shares {
  const ms = new Map([["call", model.callMs]]);
  for (const kernel of order) {
    const work = workOf(kernel, model.granularity);
    const kind = work.reorders ? `reordering ${kernel.nodes[0]!.op.kind}` : work.kind;
    ms.set(kind, (ms.get(kind) ?? 0) + kernelMs(work, model));
  }
  return toShares(ms);
}

/** Where a table has a network's time go: the rest, and its operators. */
export function blockShares(numbers: readonly number[], table: BlockTable): Shares {
  const ms = new Map([["rest", table.restMs]]);
  numbers.forEach((operator, layer) => {
    const name = table.operators[operator]!;
    ms.set(name, (ms.get(name) ?? 0) + table.ms[layer]![operator]!);
  });
  return blocksMs(numbers, table) > 0 ? toShares(ms) : {};
}

/** Where a table of measured kernels has a network's time go: the call, and the kinds of its kernels. */
export function timedShares(order: readonly Timed[], numbers: Numbers): Shares {
  const ms = new Map([["call", Math.max(0, numbers.callMs)]]);
  for (const kernel of order) {
    const kind = kernel.known === "measured" ? kernel.work : `${kernel.work}, ${kernel.known}`;
    ms.set(kind, (ms.get(kind) ?? 0) + shareOf(kernel, numbers));
  }
  return toShares(ms);
}
