/**
 * Recover the block tables of the fbnet space from measured networks and write their files.
 *
 *     npm run fit:fbnet -- --csv ../shared/data/latency/fbnet_space.csv
 */
import { exitCodes, UserError } from "../src/base/errors.js";
import { cost } from "../src/graph/cost.js";
import { genomeOf } from "../src/latency/blocks.js";
import { type BlockSample, fitBlockTable, isLeftOut } from "../src/latency/fitBlocks.js";
import type { BlockFit } from "../src/latency/target.js";
import { build, deployedForm } from "../src/space/build.js";
import { parseGenome } from "../src/space/candidate.js";
import { fbnet } from "../src/space/spaces/fbnet.js";
import { milliseconds, readCsv } from "./csv.js";
import { errorLine, readText, runWith, writeConstant } from "./run.js";

/** Columns of the measurements, and the target each becomes. */
export const columns: Readonly<Record<string, string>> = {
  pixel3Cpu: "pixel3_ms",
  raspberrypi4Cpu: "raspi4_ms",
  xeon_gold_6240: "gold_6240_ms",
  rtx_2080ti: "2080ti_1_ms",
};

const inverted = (kernel: number, expand: number, groups: number) =>
  `inverted-residual,kernel=${kernel},expand=${expand},groups=${groups}`;

/** The measurements' names of operators, in the order of their numbers, and what our genomes write. */
const operators = {
  k3_e1: inverted(3, 1, 1),
  k3_e1_g2: inverted(3, 1, 2),
  k3_e3: inverted(3, 3, 1),
  k3_e6: inverted(3, 6, 1),
  k5_e1: inverted(5, 1, 1),
  k5_e1_g2: inverted(5, 1, 2),
  k5_e3: inverted(5, 3, 1),
  k5_e6: inverted(5, 6, 1),
  skip: "skip",
};

const named = Object.keys(operators);
const blank = { space: fbnet.name, operators: Object.values(operators), restMs: 0, ms: [] };
const skip = named.indexOf("skip");

/** MACs and params of networks, from those of all skips and of one operator in one layer. */
function costs(): (numbers: readonly number[]) => { readonly macs: number; readonly params: number } {
  const of = (numbers: readonly number[]) =>
    cost(build(fbnet, parseGenome(fbnet, genomeOf(numbers, blank)), deployedForm(fbnet)));
  const skips = fbnet.stages.map(() => skip);
  const rest = of(skips);
  const more = skips.map((_, layer) =>
    named.map((_, operator) => {
      const { macs, params } = of(skips.map((s, l) => (l === layer ? operator : s)));
      return { macs: macs - rest.macs, params: params - rest.params };
    }),
  );
  const sum = (numbers: readonly number[], of: "macs" | "params") =>
    numbers.reduce((total, operator, layer) => total + more[layer]![operator]![of], rest[of]);
  return (numbers) => ({ macs: sum(numbers, "macs"), params: sum(numbers, "params") });
}

/** A network of the measurements: its operators' numbers, one a layer. */
function numbersOf(list: string, names: string, row: number): readonly number[] {
  const numbers = list.split(" ").map(Number);
  const right = numbers.length === fbnet.stages.length && numbers.map((n) => named[n]).join(" ") === names;
  if (!right)
    throw new UserError(
      `line ${row + 2}: operators ${list} are called ${names}`,
      `They are ${fbnet.stages.length} numbers, of ${named.map((name, n) => `${n} ${name}`).join(", ")}.`,
      exitCodes.data,
    );
  return numbers;
}

/** Networks of the measurements with what one column says of each. */
export function samplesOf(csv: string): (column: string) => readonly BlockSample[] {
  const { rows, column } = readCsv(csv);
  const list = column("op_idx_list");
  const names = column("arch_str");
  const costOf = costs();
  const networks = rows.map((row, i) => {
    const numbers = numbersOf(list(row), names(row), i);
    return { operators: numbers, ...costOf(numbers) };
  });
  return (name) => {
    const of = column(name);
    return networks.map((network, i) => ({ ...network, ms: milliseconds(of(rows[i]!), i, name) }));
  };
}

/** Networks that the fits leave out, a digit a layer. */
export const heldOutOf = (samples: readonly BlockSample[]): readonly string[] =>
  samples.filter((_, i) => isLeftOut(i)).map(({ operators }) => operators.join(""));

export const fitTable = (samples: readonly BlockSample[]): BlockFit => fitBlockTable(samples, blank, skip);

const folder = "src/latency/targets";
const by = "fit-fbnet-tables";

runWith(import.meta.url, ["csv"], ({ csv: file }) => {
  if (file === undefined) throw new UserError("no measurements", "Give the file: --csv fbnet_space.csv");
  const csv = readText(file);
  const samples = samplesOf(csv);
  for (const [target, column] of Object.entries(columns)) {
    const value = fitTable(samples(column));
    writeConstant(`${folder}/${target}.table.ts`, {
      by,
      import: 'import type { BlockFit } from "../target.js";',
      name: "fit",
      type: "BlockFit",
      value,
    });
    for (const [name, error] of Object.entries(value.error))
      console.log(errorLine(`${target} ${name}`, error));
    console.log(value.interval, value.table.restMs);
  }
  writeConstant(`${folder}/fbnet.heldOut.ts`, {
    by,
    import: "",
    name: "heldOut",
    type: "readonly string[]",
    value: heldOutOf(samples(Object.values(columns)[0]!)),
  });
});
