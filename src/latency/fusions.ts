import { signature } from "../graph/signature.js";
import { kernelOf } from "./kernelText.js";
import type { Row } from "./table.js";

/** Whether a runtime runs an operator as one with the kernel before it. */
export interface Fusion {
  /** Key of the kernel without the operator, and the operator. */
  readonly first: string;
  readonly second: string;
  readonly firstMs: number;
  readonly secondMs: number;
  readonly bothMs: number;
  readonly fused: boolean;
}

const saved = 0.5;

/**
 * What a table's kernel rows say of fusion: where it has a kernel, the kernel without its last
 * operator, and that operator by itself, the two are fused if together they save more than half
 * of what the shorter takes alone: T1 + T2 - T12 > 0.5 · min(T1, T2).
 *
 * Source of the rule: Zhang et al. 2021, nn-Meter, MobiSys, §3.
 */
export function fusionsOf(rows: readonly Row[]): readonly Fusion[] {
  const ms = new Map(rows.flatMap((row) => (row.kind === "kernel" ? [[row.key, row.medianMs]] : [])));
  return [...ms].flatMap(([key, bothMs]): readonly Fusion[] => {
    const { nodes, output } = kernelOf(key);
    const last = nodes.at(-1)!;
    if (nodes.length < 2 || (last.op.kind !== "act" && last.op.kind !== "add")) return [];
    const first = key.slice(0, key.lastIndexOf("+"));
    const alone = { part: "", nodes: [last], inputs: last.inputs, output };
    const second = signature(alone);
    const [firstMs, secondMs] = [ms.get(first), ms.get(second)];
    if (firstMs === undefined || secondMs === undefined) return [];
    const fused = firstMs + secondMs - bothMs > saved * Math.min(firstMs, secondMs);
    return [{ first, second, firstMs, secondMs, bothMs, fused }];
  });
}
