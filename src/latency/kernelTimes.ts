import { median } from "../base/stats.js";
import type { Kernel } from "../graph/fuse.js";
import { attributes, signature } from "../graph/signature.js";
import { conformal, level } from "./error.js";
import { kernelOf } from "./kernelText.js";
import { nonNegative } from "./nonNegative.js";
import type { Row } from "./table.js";
import type { Known } from "./timed.js";
import { type Work, workOf } from "./work.js";

/** A kernel's time by a table. */
export interface KernelTime {
  readonly ms: number;
  readonly known: Known;
}

/** A measured kernel, and where it stands among others like it. */
interface Point {
  readonly family: string;
  /** Its family and those that have another activation or none. */
  readonly clan: string;
  /** What is fused into it last but sums and scales; `none` where nothing is. */
  readonly act: string;
  /** Numbers it writes, in millions. */
  readonly written: number;
  readonly kind: string;
  /** ln of channels read and written, and of the map's height. */
  readonly at: readonly [number, number, number];
  readonly work: Work;
}

interface Measured extends Point {
  readonly ms: number;
}

/** Channels a processor of today computes at once, float32. */
const granularity = 16;
/** Measured neighbours that a kernel between them is told from. */
const neighbours = 4;
/** Milliseconds from which a kernel's error says something; shorter ones hardly count in a network. */
const telling = 0.01;
/** Rows from which a family has a line of its own. */
const enough = 5;

/** What a kernel is, channels and sizes of maps apart. */
function traitsOf(kernel: Kernel): readonly string[] {
  const anchor = kernel.nodes[0]!;
  const { kind, groups } = workOf(kernel, granularity).kind === "depthwise" ? depthwise : shared(kernel);
  const kept = attributes(anchor.op)
    .split(",")
    .filter((a) => !/^(out|groups|bias|heads|table)=/.test(a));
  const fused = kernel.nodes.slice(1).map((n) => `${n.op.kind}${n.op.kind === "act" ? n.op.fn : ""}`);
  return [anchor.op.kind, kind, groups, ...kept, ...fused.filter((f) => f !== "norm" && f !== "scale")];
}

/** Kernels that differ only in channels and sizes of maps. */
export const familyOf = (kernel: Kernel): string => traitsOf(kernel).join(" ");

const isAct = (trait: string) => trait.startsWith("act") && trait !== "act";

const depthwise = { kind: "depthwise", groups: "" };
const shared = ({ nodes: [anchor] }: Kernel) => ({
  kind: "",
  groups: anchor!.op.kind === "conv" && anchor!.op.groups > 1 ? `groups=${anchor!.op.groups}` : "",
});

function pointOf(kernel: Kernel): Point {
  const work = workOf(kernel, granularity);
  const [channels, height] = kernel.nodes[0]!.inputs[0]!.shape;
  const traits = traitsOf(kernel);
  const [c, h, w] = kernel.output.shape;
  return {
    family: traits.join(" "),
    clan: traits.filter((trait) => !isAct(trait)).join(" "),
    act: traits.find(isAct) ?? "none",
    written: (c * h * w) / 1e6,
    kind: work.kind === "move" ? kernel.nodes[0]!.op.kind : work.kind,
    at: [Math.log(channels), Math.log(kernel.output.channels), Math.log(height)],
    work,
  };
}

const features = ({ work }: Point): readonly number[] => [
  1,
  work.macs / 1e6,
  (work.weights + work.features) / 1e6,
];

/** Milliseconds as overhead, MACs and memory have it, none below 0, relative errors least. */
function line(rows: readonly Measured[]): (point: Point) => number {
  const a = [0, 1, 2].map(() => [0, 0, 0]);
  const b = [0, 0, 0];
  for (const row of rows) {
    const x = features(row).map((v) => v / row.ms);
    for (const [i, v] of x.entries()) {
      b[i]! += v;
      for (const [j, w] of x.entries()) a[i]![j]! += v * w;
    }
  }
  for (const [i, row] of a.entries()) row[i]! += 1e-9 * (row[i]! + 1e-12);
  const found = nonNegative(a, b);
  return (point) =>
    Math.max(
      1e-6,
      features(point).reduce((sum, v, i) => sum + v * found[i]!, 0),
    );
}

function groups(
  rows: readonly Measured[],
  key: (row: Measured) => string,
): ReadonlyMap<string, readonly Measured[]> {
  const found = new Map<string, Measured[]>();
  for (const row of rows) {
    const name = key(row);
    const group = found.get(name);
    if (group === undefined) found.set(name, [row]);
    else group.push(row);
  }
  return found;
}

const distance = (a: Point, b: Point): number => a.at.reduce((sum, v, i) => sum + (v - b.at[i]!) ** 2, 0);

/** ln of how far the nearest rows are from their line, near ones counting most; exact on a row. */
function bend(point: Point, rows: readonly Measured[], base: (point: Point) => number): number {
  const near = rows
    .map((row) => ({ row, d: distance(point, row) }))
    .sort((p, q) => p.d - q.d)
    .slice(0, neighbours);
  const weights = near.map(({ d }) => 1 / (d + 1e-9));
  const total = weights.reduce((sum, w) => sum + w, 0);
  return near.reduce((sum, { row }, i) => sum + (weights[i]! / total) * Math.log(row.ms / base(row)), 0);
}

const inside = (point: Point, rows: readonly Measured[]): boolean =>
  point.at.every((v, i) => {
    const all = rows.map((row) => row.at[i]!);
    return v >= Math.min(...all) - 1e-9 && v <= Math.max(...all) + 1e-9;
  });

/** Activations taken to be part of writing, at no cost of their own. */
const free = new Set(["none", "actrelu"]);

/**
 * What an activation takes for a million numbers, where rows differ in it alone from one with ReLU
 * or none: the median; 0 of those that the table does not say.
 */
function actMs(rows: readonly Measured[]): (point: Point) => number {
  const found = new Map<string, number[]>();
  for (const [, like] of groups(rows, ({ clan, at, work }) => [clan, ...at, work.macs].join(" "))) {
    const without = like.filter(({ act }) => free.has(act)).map(({ ms }) => ms);
    if (without.length === 0) continue;
    for (const { act, ms, written } of like)
      if (!free.has(act)) found.set(act, [...(found.get(act) ?? []), (ms - Math.min(...without)) / written]);
  }
  const each = new Map([...found].map(([act, all]) => [act, Math.max(0, median(all))]));
  return ({ act, written }) => (each.get(act) ?? 0) * written;
}

/** What is left at least of a row's time when that of its activation is taken away. */
const leastLeft = 0.25;

/** Times of points by measured ones. */
function interpolation(rows: readonly Measured[]): (point: Point) => KernelTime {
  const families = groups(rows, (row) => row.family);
  const ofAct = actMs(rows);
  const plain = rows.map((row) => ({ ...row, ms: Math.max(leastLeft * row.ms, row.ms - ofAct(row)) }));
  const clans = groups(plain, (row) => row.clan);
  const kinds = groups(rows, (row) => row.kind);
  const lines = new Map<readonly Measured[], (point: Point) => number>();
  const lineOf = (of: readonly Measured[]) => {
    const known = lines.get(of) ?? line(of);
    lines.set(of, known);
    return known;
  };
  return (point) => {
    const family = families.get(point.family);
    if (family === undefined) {
      const clan = clans.get(point.clan);
      const kin = clan !== undefined && clan.length >= enough ? clan : undefined;
      const from = kin ?? kinds.get(point.kind) ?? rows;
      const base = lineOf(from);
      const ms = base(point) * Math.exp(bend(point, from, base)) + (kin === undefined ? 0 : ofAct(point));
      return { ms, known: "extrapolated" };
    }
    const base = lineOf(family.length >= enough ? family : (kinds.get(point.kind) ?? rows));
    const ms = base(point) * Math.exp(bend(point, family, base));
    return { ms, known: inside(point, family) ? "interpolated" : "extrapolated" };
  };
}

const measuredOf = (rows: readonly Row[]): readonly (Measured & { readonly key: string })[] =>
  rows
    .filter(({ kind }) => kind === "kernel")
    .map(({ key, medianMs }) => ({ ...pointOf(kernelOf(key)), ms: medianMs, key }));

/**
 * Times of kernels by a table's kernel rows: a measured kernel has its row's time. Another is
 * told from rows that differ from it in channels and size of the map alone: a line through
 * overhead, MACs and memory, bent to pass through the four nearest rows. Where the table has
 * none of those, or the kernel lies outside their range, it is extrapolated: from rows that differ in
 * their activation, too, and what that takes by the table's pairs of rows that differ in nothing
 * else; in the worst case from rows of the same kind of work.
 *
 * @param rows  at least one of a kernel
 */
export function kernelTimes(rows: readonly Row[]): (kernel: Kernel) => KernelTime {
  const all = measuredOf(rows);
  const exact = new Map(all.map(({ key, ms }) => [key, ms]));
  const between = interpolation(all);
  const found = new Map<string, KernelTime>();
  return (kernel) => {
    const key = signature(kernel);
    const before = found.get(key);
    if (before !== undefined) return before;
    const ms = exact.get(key);
    const time: KernelTime = ms === undefined ? between(pointOf(kernel)) : { ms, known: "measured" };
    found.set(key, time);
    return time;
  };
}

/**
 * ln of how far kernels are off that are extrapolated, 90 % of them: rows predicted from a table
 * without any row of their family.
 */
export function extrapolationError(rows: readonly Row[]): number {
  const all = measuredOf(rows);
  const errors = [...groups(all, (row) => row.family).keys()].flatMap((family) => {
    const others = all.filter((row) => row.family !== family);
    if (others.length === 0) return [];
    const predict = interpolation(others);
    return all
      .filter((row) => row.family === family && row.ms >= telling)
      .map((row) => Math.log(predict(row).ms / row.ms));
  });
  return errors.length === 0 ? 1 : conformal(errors, level);
}
