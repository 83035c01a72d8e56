import { exitCodes, UserError } from "../../../base/errors.js";
import { readText } from "../../../base/files.js";
import { type BlockTable, genomeOf } from "../../../latency/blocks.js";
import type { Target } from "../../../latency/target.js";
import * as targets from "../../../latency/targets/index.js";
import { formatGenome, parseGenome } from "../../../space/candidate.js";
import type { Space } from "../../../space/space.js";
import { openSpace } from "../../searchOptions.js";

/** One network of a file of genomes. */
export interface Line {
  /** From 1. */
  readonly line: number;
  /** Canonical line. */
  readonly genome: string;
}

/**
 * Read a file of genomes, one a line; empty lines are passed over. A line is a genome as we write
 * it, or, in a space with a table of measured blocks, its operators' numbers as the measurements
 * write them, separated by blanks or commas.
 *
 * @param space  of the genomes; without it, what the first line says
 * @throws UserError  naming the line, when one cannot be read; when there are none
 */
export function readGenomes(
  file: string,
  space: Space | undefined,
): { readonly space: Space; readonly lines: readonly Line[] } {
  const written = readText(file, "It is a text file with one genome a line.")
    .split(/\r?\n/)
    .map((text, i) => ({ text: text.trim(), line: i + 1 }))
    .filter(({ text }) => text !== "");
  const first = written[0];
  if (first === undefined)
    throw new UserError(`${file} is empty`, "It has one genome a line.", exitCodes.data);
  const within = <T>(line: number, read: () => T): T => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(`${file}, line ${line}: ${error.message}`, error.whatToDo, error.exitCode);
    }
  };
  const of = space ?? within(first.line, () => spaceOf(first.text));
  const lines = written.map(({ text, line }) => ({
    line,
    genome: within(line, () => {
      const genome = isNumbers(text) ? fromNumbers(text, of) : text;
      return formatGenome(of, parseGenome(of, genome));
    }),
  }));
  return { space: of, lines };
}

const isNumbers = (text: string): boolean => /^[\d\s,]+$/.test(text);

function spaceOf(text: string): Space {
  if (text.includes(":")) return openSpace(text.slice(0, text.indexOf(":")));
  throw new UserError("no space is named", "Write genomes as nas space sample does, or give --space.");
}

function fromNumbers(text: string, space: Space): string {
  const table = tableOf(space);
  if (table === undefined)
    throw new UserError(
      `operators of space ${space.name} have no numbers`,
      "Write genomes as nas space sample does.",
    );
  const numbers = text.split(/[\s,]+/).map(Number);
  const layers = table.ms.length;
  if (numbers.length !== layers)
    throw new UserError(`${numbers.length} numbers`, `Space ${space.name} has ${layers} layers.`);
  const wrong = numbers.find((n) => n >= table.operators.length);
  if (wrong !== undefined)
    throw new UserError(
      `there is no operator ${wrong}`,
      `They are ${table.operators.map((name, n) => `${n} ${name}`).join("; ")}.`,
    );
  return genomeOf(numbers, table);
}

/** A table of measured blocks of the space, of any device: all of them number operators alike. */
const tableOf = (space: Space): BlockTable | undefined =>
  Object.values<Target>(targets)
    .flatMap((target) => (target.kind === "blocks" ? target.table : []))
    .find((table) => table.space === space.name);
