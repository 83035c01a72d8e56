import { UserError } from "../base/errors.js";
import { shortHash } from "../base/hash.js";
import { closest, kebab } from "../base/lookup.js";
import type { Value } from "./block.js";
import { emptyGene, equalValues, widthsOf } from "./gene.js";
import type { BlockOption, Gene, Genome, Space, StageSpec } from "./space.js";

const shown = (value: Value): string => (Array.isArray(value) ? value.join("+") : String(value));

/** How a stage writes and reads one of its blocks. */
interface BlockText {
  /** The decisions it writes: those that have a choice in any option with that block. */
  readonly names: readonly string[];
  /** Every value of each choice, over the options. */
  readonly choices: readonly (readonly [name: string, values: readonly Value[]])[];
  /** The options with that block, with their number in the stage. */
  readonly options: readonly (readonly [index: number, option: BlockOption])[];
}

const remembered = new WeakMap<StageSpec, Map<string, BlockText>>();

/** Remembered by stage: a search reads and writes tens of thousands of genomes. */
function blockText(stage: StageSpec, block: string): BlockText {
  const texts = remembered.get(stage) ?? new Map<string, BlockText>();
  remembered.set(stage, texts);
  const found = texts.get(block) ?? textOf(stage, block);
  texts.set(block, found);
  return found;
}

function textOf(stage: StageSpec, block: string): BlockText {
  const options = stage.options.map((option, i) => [i, option] as const).filter(([, o]) => o.block === block);
  const names = [...new Set(options.flatMap(([, o]) => Object.keys(o.choices)))];
  const choices = names.map((name) => [name, options.flatMap(([, o]) => o.choices[name]!)] as const);
  return {
    names: [
      ...(stage.depth.length > 1 ? ["depth"] : []),
      ...(widthsOf(stage).length > 1 ? ["width"] : []),
      ...choices.filter(([, values]) => new Set(values.map(shown)).size > 1).map(([name]) => name),
    ],
    choices,
    options,
  };
}

const decided = (gene: Gene, name: string): Value =>
  name === "depth" ? gene.depth : name === "width" ? gene.width : gene.choices[name]!;

const written = new WeakMap<Gene, { readonly stage: StageSpec; readonly text: string }>();

/** Remembered by gene: of a mutated genome all genes but one have been written before. */
function formatGene(stage: StageSpec, gene: Gene): string {
  const before = written.get(gene);
  if (before?.stage === stage) return before.text;
  const text = textOfGene(stage, gene);
  written.set(gene, { stage, text });
  return text;
}

function textOfGene(stage: StageSpec, gene: Gene): string {
  if (gene.depth === 0) return "empty";
  const block = stage.options[gene.option]!.block;
  return [
    block,
    ...blockText(stage, block).names.map((name) => `${name}=${shown(decided(gene, name))}`),
  ].join(",");
}

/**
 * A genome as its one canonical line: `rapidnet:inverted-residual,depth=2,kernel=3/.../empty`.
 * What is not a decision, or is inactive, is left out, so equal genomes have equal text.
 */
export const formatGenome = (space: Space, genome: Genome): string =>
  `${space.name}:${space.stages.map((stage, i) => formatGene(stage, genome[i]!)).join("/")}`;

/** The name of a genome: a hash of its canonical line. */
export const genomeHash = (text: string): string => shortHash(text);

const read = new WeakMap<StageSpec, Map<string, Gene>>();

/**
 * Read one stage's part of a genome's line; remembered by stage and text.
 *
 * @throws UserError  naming the stage, what is wrong in it and what it takes
 */
export function parseGene(stage: StageSpec, text: string): Gene {
  const genes = read.get(stage) ?? new Map<string, Gene>();
  read.set(stage, genes);
  const gene = genes.get(text) ?? geneOf(stage, text);
  genes.set(text, gene);
  return gene;
}

function geneOf(stage: StageSpec, text: string): Gene {
  const [block, ...given] = text.split(",");
  if (text === "empty") {
    if (stage.depth.includes(0)) return emptyGene(stage);
    throw new UserError(`${stage.name} is empty`, `It takes a depth of ${stage.depth.join(", ")}.`);
  }
  const known = [...new Set(stage.options.map((o) => o.block))];
  if (!known.includes(block!)) {
    const guess = closest(kebab(block!), known);
    throw new UserError(
      `${stage.name} has no block "${block}"`,
      `${guess ? `Did you mean ${guess}? ` : ""}It takes ${known.join(", ")}.`,
    );
  }
  const values = new Map(given.map((pair) => pair.split("=", 2) as [string, string | undefined]));
  const { names, choices: open, options } = blockText(stage, block!);
  for (const name of values.keys())
    if (!names.includes(name))
      throw new UserError(
        `${stage.name}: ${block} decides no "${name}" here`,
        `It decides ${names.join(", ") || "nothing"}.`,
      );
  const pick = <V extends Value>(name: string, allowed: readonly V[]): V => {
    if (!names.includes(name)) return allowed[0]!;
    const found = allowed.find((v) => shown(v) === values.get(name));
    if (found !== undefined) return found;
    throw new UserError(
      values.has(name)
        ? `${stage.name}: ${name} is ${values.get(name)}`
        : `${stage.name}: ${name} is missing`,
      `It takes ${allowed.map(shown).join(", ")}.`,
    );
  };
  const depth = pick(
    "depth",
    stage.depth.filter((d) => d > 0 || stage.depth.length === 1),
  );
  const width = pick("width", widthsOf(stage));
  const choices = Object.fromEntries(open.map(([name, allowed]) => [name, pick(name, allowed)]));
  const option = options.find(([, o]) =>
    Object.entries(choices).every(([name, v]) => o.choices[name]!.some((w) => equalValues(w, v))),
  );
  if (option === undefined)
    throw new UserError(
      `${stage.name}: ${text} is not one of its combinations`,
      `It takes ${options.map(([, o]) => combination(o)).join(" or ")}.`,
    );
  return { depth, width, option: option[0], choices };
}

const combination = (option: BlockOption): string =>
  Object.entries(option.choices)
    .map(([name, values]) => `${name}=${values.map(shown).join("|")}`)
    .join(",");

/**
 * Read a genome's line; `formatGenome` gives it back.
 *
 * @throws UserError  naming the stage, what is wrong in it and what it takes
 */
export function parseGenome(space: Space, text: string): Genome {
  const [name, body] = text.trim().split(":", 2);
  if (body === undefined || name !== space.name)
    throw new UserError(
      `genome is of ${body === undefined ? "no space" : `space "${name}"`}`,
      `It must start with "${space.name}:".`,
    );
  const genes = body.split("/");
  if (genes.length !== space.stages.length)
    throw new UserError(
      `genome has ${genes.length} stages`,
      `Space ${space.name} has ${space.stages.length}, separated by "/".`,
    );
  return space.stages.map((stage, i) => parseGene(stage, genes[i]!));
}
