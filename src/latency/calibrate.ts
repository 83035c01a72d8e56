import { cost } from "../graph/cost.js";
import { kernels } from "../graph/fuse.js";
import type { Node } from "../graph/node.js";
import { conformal, level, logError, type Pair, summary } from "./error.js";
import { fitSize } from "./fitSize.js";
import { extrapolationError, kernelTimes } from "./kernelTimes.js";
import { blockKey, blocksOf } from "./piece.js";
import { solve } from "./solve.js";
import type { LatencyTable, Row } from "./table.js";
import type { Calibration } from "./tableModel.js";
import type { Timed } from "./timed.js";
import { type WorkKind, workOf } from "./work.js";

/** How a table times the kernels of a network, before anything is learnt from whole networks. */
export function timing(rows: readonly Row[], by: Calibration["rows"]): (out: Node) => readonly Timed[] {
  const time = kernelTimes(rows);
  const blocks = new Map(rows.filter(({ kind }) => kind === "block").map((row) => [row.key, row.medianMs]));
  return (out) => {
    const order = kernels(out).map(
      (kernel): Timed => ({ part: kernel.part, work: workOf(kernel, 1).kind, ...time(kernel) }),
    );
    if (by === "kernels" || blocks.size === 0) return order;
    const factors = new Map<string, number>();
    for (const block of blocksOf(out)) {
      const ms = blocks.get(blockKey(block));
      if (ms === undefined) continue;
      const sum = order.filter(({ part }) => part === block.part).reduce((total, k) => total + k.ms, 0);
      factors.set(block.part, ms / sum);
    }
    return order.map((kernel) => {
      const factor = factors.get(kernel.part);
      return factor === undefined ? kernel : { ...kernel, ms: kernel.ms * factor, known: "measured" };
    });
  };
}

/** The numbers of a calibration that make a time of a network's kernels. */
export type Numbers = Pick<Calibration, "callMs" | "kernelMs" | "factors">;

/** What one kernel adds to a network: a tenth of its row at least, whatever was learnt. */
export const shareOf = ({ work, ms }: Timed, { kernelMs, factors }: Numbers): number =>
  Math.max(ms / 10, kernelMs + (factors[work] ?? 1) * ms);

/** Milliseconds of a network. */
export const networkMs = (order: readonly Timed[], numbers: Numbers): number =>
  order.reduce((sum, kernel) => sum + shareOf(kernel, numbers), numbers.callMs);

interface Sample {
  readonly order: readonly Timed[];
  /** Milliseconds of its kernels' rows, by kind of work. */
  readonly sums: Readonly<Record<WorkKind, number>>;
  readonly ms: number;
}

function sampleOf(order: readonly Timed[], ms: number): Sample {
  const sums = { dense: 0, pointwise: 0, depthwise: 0, attention: 0, move: 0 };
  for (const kernel of order) sums[kernel.work] += kernel.ms;
  return { order, sums, ms };
}

type Form = Calibration["form"];

const workKinds: readonly WorkKind[] = ["dense", "pointwise", "depthwise", "attention", "move"];

/** A call may take less than nothing, but only by this share of the fastest network: predictions stay above 0. */
const leastCall = 0.05;

/** What is believed before anything is measured: relative noise of a network, and how wide each number may stray. */
const belief = { noise: 0.02, factor: 0.3, callShare: 0.1, kernelShare: 0.1 };

const plain: Numbers = { callMs: 0, kernelMs: 0, factors: Object.fromEntries(workKinds.map((k) => [k, 1])) };

/**
 * The numbers of a form that make the networks' relative errors least, held to a plain sum by
 * how much each may stray (ridge regression; closed form).
 */
function learn(samples: readonly Sample[], form: Form): Numbers {
  if (form === "sum") return plain;
  const scale = samples.reduce((sum, s) => sum + s.ms, 0) / samples.length;
  const count = samples.reduce((sum, s) => sum + s.order.length, 0) / samples.length;
  const sumOf = ({ sums }: Sample, of: readonly WorkKind[]) => of.reduce((sum, kind) => sum + sums[kind], 0);
  const groups = form === "call" ? [] : form === "scaled" ? [workKinds] : workKinds.map((kind) => [kind]);
  const columns: { readonly of: (s: Sample) => number; readonly width: number }[] = [
    { of: () => 1, width: belief.callShare * scale },
    ...(form === "call"
      ? []
      : [{ of: (s: Sample) => s.order.length, width: (belief.kernelShare * scale) / count }]),
    ...groups.map((of) => ({ of: (s: Sample) => sumOf(s, of), width: belief.factor })),
  ];
  const a = columns.map(({ width }, i) => columns.map((_, j) => (i === j ? (belief.noise / width) ** 2 : 0)));
  const b = columns.map(() => 0);
  for (const sample of samples) {
    const x = columns.map(({ of }) => of(sample) / sample.ms);
    const rest = 1 - sumOf(sample, workKinds) / sample.ms;
    for (const [i, v] of x.entries()) {
      b[i]! += v * rest;
      for (const [j, w] of x.entries()) a[i]![j]! += v * w;
    }
  }
  const found = solve(a, b);
  const more = found.slice(form === "call" ? 1 : 2);
  const factorOf = (kind: WorkKind) =>
    Math.max(0, 1 + (more[groups.findIndex((group) => group.includes(kind))] ?? 0));
  return {
    callMs: Math.max(found[0]!, -leastCall * Math.min(...samples.map((s) => s.ms))),
    kernelMs: form === "call" ? 0 : found[1]!,
    factors: Object.fromEntries(workKinds.map((kind) => [kind, factorOf(kind)])),
  };
}

/** Each sample predicted by what the others teach. */
const leftOut = (samples: readonly Sample[], form: Form): readonly Pair[] =>
  samples.map(({ order, ms }, i) => ({
    predicted: networkMs(order, learn(samples.toSpliced(i, 1), form)),
    ms,
  }));

/** A way to make networks of rows, with the networks to learn it from. */
interface Way {
  readonly rows: Calibration["rows"];
  readonly form: Form;
  readonly samples: readonly Sample[];
}

interface Rated extends Way {
  readonly rmsLog: number;
}

const rate = (ways: readonly Way[]): readonly Rated[] =>
  ways.map((way) => ({ ...way, rmsLog: summary(leftOut(way.samples, way.form)).rmsLog }));

const leastOf = (ways: readonly Rated[]): Rated =>
  ways.reduce((least, next) => (next.rmsLog < least.rmsLog ? next : least));

/** A network whose time the table has. */
export interface CalibrationNetwork {
  /** Of its row. */
  readonly key: string;
  /** Last node of its deployed form. */
  readonly out: Node;
}

/** Networks from which something can be learnt. */
export const fewestNetworks = 4;

/**
 * A table with its model: what is to be added to the sum of rows to make a network, learnt from
 * the table's network rows. Kernels alone and blocks are tried, each as a plain sum, with a call,
 * scaled, and with a factor for each kind of work; that which predicts networks best that were
 * left out is kept. Its errors are those of the whole of that: each network is predicted by what
 * was chosen and learnt without it.
 *
 * @param networks  those of the table's network rows that can be built
 * @returns         the table with `model` null where fewer than `fewestNetworks` are given
 */
export function calibrate(table: LatencyTable, networks: readonly CalibrationNetwork[]): LatencyTable {
  const measured = new Map(table.rows.filter((r) => r.kind === "network").map((r) => [r.key, r.medianMs]));
  const known = networks.filter(({ key }) => measured.has(key));
  if (known.length < fewestNetworks || !table.rows.some((r) => r.kind === "kernel"))
    return { ...table, model: null };
  const ways: readonly Calibration["rows"][] = table.rows.some((r) => r.kind === "block")
    ? ["kernels", "blocks"]
    : ["kernels"];
  const candidates = ways.flatMap((rows) => {
    const time = timing(table.rows, rows);
    const samples = known.map(({ key, out }) => sampleOf(time(out), measured.get(key)!));
    return (["sum", "call", "scaled", "kinds"] as const).map((form) => ({ rows, form, samples }));
  });
  const rated = rate(candidates);
  const best = leastOf(rated);
  const pairs = known.map((_, i): Pair => {
    const others = candidates.map((way) => ({ ...way, samples: way.samples.toSpliced(i, 1) }));
    const { form, rows, samples } = leastOf(rate(others));
    const { order, ms } = candidates.find((way) => way.form === form && way.rows === rows)!.samples[i]!;
    return { predicted: networkMs(order, learn(samples, form)), ms };
  });
  const numbers = learn(best.samples, best.form);
  const sizes = known.map(({ key, out }) => ({ ...cost(out), ms: measured.get(key)! }));
  const model: Calibration = {
    rows: best.rows,
    form: best.form,
    ...numbers,
    tried: rated.map(({ rows, form, rmsLog }) => ({ rows, form, rmsLog })),
    error: {
      inSample: summary(best.samples.map(({ order, ms }) => ({ predicted: networkMs(order, numbers), ms }))),
      networkOut: summary(pairs),
      baseline: summary(
        sizes.map((size, i) => ({ predicted: fitSize(sizes.toSpliced(i, 1))(size), ms: size.ms })),
      ),
    },
    heldOut: pairs.map(({ predicted, ms }, i) => ({ network: known[i]!.key, ms, heldOutMs: predicted })),
    interval: {
      level,
      halfWidth: conformal(pairs.map(logError), level),
      extrapolated: extrapolationError(table.rows),
    },
  };
  return { ...table, model };
}
