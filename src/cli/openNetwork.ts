import { existsSync, readFileSync } from "node:fs";
import { exitCodes, UserError } from "../base/errors.js";
import { closest, find, kebab, names } from "../base/lookup.js";
import { readSpec } from "../export/spec.js";
import { type Node, nodes } from "../graph/node.js";
import { build, deployedForm } from "../space/build.js";
import { formatGenome, genomeHash, parseGenome } from "../space/candidate.js";
import type { Space } from "../space/space.js";
import type { ZooEntry } from "../space/zoo/entry.js";
import * as zoo from "../space/zoo/index.js";
import { openSpace } from "./searchOptions.js";

/** A network a user named, in its deployed form. */
export interface Named {
  /** A zoo network's name, a spec's name or a genome's hash. */
  readonly name: string;
  readonly genome: string | null;
  readonly space: Space | null;
  /** Last node; shapes are [c, h, w]. */
  readonly network: Node;
}

/** What users may write for a network. */
export const networkHelp = "name of a zoo network, a spec file (.json), or a genome";

/**
 * The network of a zoo name, a spec file or a genome's line.
 *
 * @param space  of the genome, where that is not a built-in one
 * @throws UserError  when it is none of them (2) or the file cannot be read (5)
 */
export function openNetwork(text: string, space?: Space): Named {
  const key = Object.keys(zoo).find((name) => kebab(name) === kebab(text));
  if (key !== undefined)
    return { name: key, genome: null, space: null, network: find<ZooEntry>(zoo, key)!.build() };
  if (existsSync(text) || text.endsWith(".json")) return fromSpec(text);
  if (text.includes(":")) return fromGenome(text, space ?? openSpace(text.slice(0, text.indexOf(":"))));
  const guess = closest(kebab(text), names(zoo));
  throw new UserError(
    `unknown network "${text}"`,
    `${guess ? `Did you mean ${guess}? ` : ""}It is the ${networkHelp}. See nas zoo list.`,
  );
}

/** The deployed form of a genome's line. */
export function fromGenome(line: string, space: Space): Named {
  const genome = parseGenome(space, line);
  const text = formatGenome(space, genome);
  return { name: genomeHash(text), genome: text, space, network: build(space, genome, deployedForm(space)) };
}

function fromSpec(file: string): Named {
  const { spec, network } = readSpec(readText(file), file);
  return { name: spec.name, genome: spec.genome, space: null, network };
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(
      `cannot read the spec ${file}: ${(error as NodeJS.ErrnoException).code}`,
      "A spec is what nas export --format spec writes.",
      exitCodes.data,
    );
  }
}

/** Pixels across the network's input. */
export const resolutionOf = (network: Node): number => nodes(network)[0]!.width;
