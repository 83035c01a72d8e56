/**
 * Put the blocks that TF-NAS timed on a Xeon into a table of the space tfnas and write its file.
 *
 *     npm run fit:tfnas -- --csv ../shared/data/latency/tfnas_blocks_xeon6130.csv
 */
import { exitCodes, UserError } from "../src/base/errors.js";
import { cost } from "../src/graph/cost.js";
import { input } from "../src/graph/node.js";
import type { Activation } from "../src/graph/op.js";
import { conformal, level, logError, type Pair, summary } from "../src/latency/error.js";
import { fitSize } from "../src/latency/fitSize.js";
import type { BlockFit } from "../src/latency/target.js";
import { mbConv } from "../src/space/blocks/invertedResidual.js";
import { tfnas } from "../src/space/spaces/tfnas.js";
import { milliseconds, readCsv } from "./csv.js";
import { errorLine, readText, runWith, writeConstant } from "./run.js";

/** A block without squeeze-excite, timed by itself. */
interface Timed {
  readonly place: string;
  readonly channels: number;
  readonly pixels: number;
  readonly out: number;
  readonly kernel: number;
  readonly stride: number;
  readonly act: Activation;
  readonly mid: number;
  readonly expand: boolean;
  readonly ms: number;
}

const placeOf = (pixels: number, channels: number, out: number, stride: number) =>
  `${pixels} ${channels} ${out} ${stride}`;

/** The grid's distance in width. */
const step = 8;

function readBlocks(csv: string): { readonly restMs: number; readonly blocks: readonly Timed[] } {
  const { rows, column } = readCsv(csv);
  const names = ["op", "resolution_in", "in_channels", "se_channels", "out_channels", "kernel", "stride"];
  const [op, pixels, channels, squeeze, out, kernel, stride] = names.map(column);
  const [act, mid, ms] = ["act", "mid_channels", "latency_ms"].map(column);
  let restMs: number | undefined;
  const blocks: Timed[] = [];
  for (const [i, row] of rows.entries()) {
    const time = milliseconds(ms!(row), i, "latency_ms");
    if (op!(row) === "BASE") restMs = time;
    else if (squeeze!(row) === "0") {
      const [p, c, o, s] = [pixels!, channels!, out!, stride!].map((of) => Number(of(row)));
      blocks.push({
        place: placeOf(p!, c!, o!, s!),
        channels: c!,
        pixels: p!,
        out: o!,
        kernel: Number(kernel!(row)),
        stride: s!,
        act: act!(row) === "relu" ? "relu" : "silu",
        mid: Number(mid!(row)),
        expand: column("point_kind")(row) === "grid",
        ms: time,
      });
    }
  }
  if (restMs === undefined)
    throw new UserError("no row is the BASE", "It is the time of all but the blocks.", exitCodes.data);
  return { restMs, blocks };
}

const operators = [3, 5].flatMap((kernel) =>
  [1, 2, 3, 4, 6].map((expand) => ({
    kernel,
    expand,
    name: `inverted-residual,kernel=${kernel},expand=${expand}`,
  })),
);

/** The table of the space's blocks, exact; and how far a block is from what its neighbours in width say. */
export function fitTable(csv: string): BlockFit {
  const { restMs, blocks } = readBlocks(csv);
  const key = ({ place, kernel, mid }: Pick<Timed, "place" | "kernel" | "mid">) =>
    `${place} ${kernel} ${mid}`;
  const byKey = new Map(blocks.map((block) => [key(block), block]));
  const named = ["inverted-residual", ...operators.map(({ name }) => name), "skip"];

  let channels = tfnas.stem[0]!.width;
  let pixels = tfnas.resolution / tfnas.stem[0]!.stride;
  const ms = tfnas.stages.map(({ name, stride, width }, layer) => {
    const out = width[0] as number;
    const [from, place] = [channels, placeOf(pixels, channels, out, stride)];
    channels = out;
    pixels /= stride;
    return named.map((operator) => {
      const chosen = layer === 0 ? undefined : operators.find((one) => one.name === operator);
      if (chosen === undefined) return 0; // the stem's block, which is in the rest, and a skip
      const found = byKey.get(key({ place, kernel: chosen.kernel, mid: from * chosen.expand }));
      if (found !== undefined) return found.ms;
      throw new UserError(
        `no row is ${operator} of ${name}`,
        "Every block of the space tfnas must have been timed.",
        exitCodes.data,
      );
    });
  });

  const between = blocks.flatMap((block): (Pair & { readonly macs: number; readonly params: number })[] => {
    const at = (mid: number) => byKey.get(key({ ...block, mid }));
    const [before, after] = [at(block.mid - step), at(block.mid + step)];
    if (!block.expand || before?.expand !== true || after?.expand !== true) return [];
    const { pixels, channels, out, kernel, stride, act, mid, expand } = block;
    const residual = stride === 1 && out === channels;
    const built = mbConv(input([channels, pixels, pixels]), {
      out,
      mid,
      expand,
      kernel,
      stride,
      act,
      residual,
    });
    return [{ predicted: (before.ms + after.ms) / 2, ms: block.ms, ...cost(built) }];
  });
  const bySize = fitSize(between);
  return {
    table: { space: tfnas.name, operators: named, restMs, ms },
    error: {
      inSample: { n: blocks.length, rmsLog: 0, mape: 0 },
      networkOut: summary(between),
      baseline: summary(between.map((block) => ({ predicted: bySize(block), ms: block.ms }))),
    },
    interval: { level, halfWidth: conformal(between.map(logError), level) },
    heldOutMs: [],
  };
}

runWith(import.meta.url, ["csv"], ({ csv }) => {
  if (csv === undefined)
    throw new UserError("no measurements", "Give the file: --csv tfnas_blocks_xeon6130.csv", exitCodes.usage);
  const value = fitTable(readText(csv));
  writeConstant("src/latency/targets/xeon_6130_mbconv.table.ts", {
    by: "npm run fit:tfnas",
    import: 'import type { BlockFit } from "../target.js";',
    name: "fit",
    type: "BlockFit",
    value,
  });
  for (const [name, error] of Object.entries(value.error)) console.log(errorLine(name, error));
  console.log(value.interval, value.table.restMs);
});
