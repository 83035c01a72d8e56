import { readFileSync } from "node:fs";
import { parse as parseYaml, YAMLParseError } from "yaml";
import { UserError } from "../base/errors.js";
import { readForm } from "../base/form.js";
import { didYouMean, find, kebab, names } from "../base/lookup.js";
import type { Block, Value } from "./block.js";
import * as blocks from "./blocks/index.js";
import { build, deployedForm } from "./build.js";
import { spaceForm } from "./form.js";
import { decisions, equalValues } from "./gene.js";
import { genomeAt } from "./moves.js";
import type { BlockOption, Space, StageSpec } from "./space.js";

const list = (value: Value | readonly Value[], known: readonly Value[]): readonly Value[] => {
  if (!Array.isArray(value)) return [value as Value];
  const isOneList = known.some(Array.isArray) && !value.some(Array.isArray);
  return isOneList ? [value as Value] : (value as readonly Value[]);
};

const unique = <T extends Value>(where: string, values: readonly T[]): readonly T[] => {
  const twice = values.find((v, i) => values.findIndex((w) => equalValues(v, w)) < i);
  if (twice !== undefined)
    throw new UserError(`${where} has ${JSON.stringify(twice)} twice`, "Values of a choice must differ.");
  return values;
};

function readOption(where: string, form: Record<string, Record<string, unknown> | null>): BlockOption {
  const [name, ...others] = Object.keys(form);
  if (name === undefined || others.length > 0)
    throw new UserError(
      `${where} names ${Object.keys(form).length} blocks`,
      "Write one block an entry: - inverted-residual: { kernel: [3, 5] }.",
    );
  const block = find(blocks, name) as Block | undefined;
  if (block === undefined)
    throw new UserError(`${where}: unknown block "${name}"`, didYouMean(name, names(blocks)));
  const given = form[name] ?? {};
  for (const choice of Object.keys(given))
    if (!(choice in block.choices))
      throw new UserError(
        `${where}.${name}: unknown choice "${choice}"`,
        didYouMean(choice, Object.keys(block.choices)),
      );
  const choices = Object.entries(block.choices).map(([choice, known]) => {
    if (!(choice in given)) return [choice, [known[0]!]] as const;
    const values = list(given[choice] as Value, known);
    for (const value of values)
      if (!known.some((k) => equalValues(k, value) && typeof k === typeof value))
        throw new UserError(
          `${where}.${name}.${choice} is ${JSON.stringify(value)}`,
          `${kebab(name)} takes ${known.map((k) => (Array.isArray(k) ? `[${k.join(", ")}]` : k)).join(", ")}.`,
        );
    return [choice, unique(`${where}.${name}.${choice}`, values)] as const;
  });
  return { block: kebab(name), choices: Object.fromEntries(choices) };
}

/** Two options of one block must not share a combination, or one network would have two genomes. */
function checkDisjoint(where: string, options: readonly BlockOption[]): void {
  options.forEach((a, j) => {
    const i = options.findIndex(
      (b, k) =>
        k < j &&
        b.block === a.block &&
        Object.entries(a.choices).every(([name, values]) =>
          values.some((v) => b.choices[name]!.some((w) => equalValues(v, w))),
        ),
    );
    if (i >= 0)
      throw new UserError(
        `${where}.blocks[${j}] overlaps blocks[${i}]`,
        "Entries of one block must differ in at least one choice's values.",
      );
  });
}

/**
 * Build every stage's every choice once, so that an impossible shape is found now.
 *
 * @throws UserError  naming the stage and the shape
 */
export function checkShapes(where: string, space: Space): void {
  const total = [...space.stem, ...space.stages].reduce((product, { stride }) => product * stride, 1);
  if (space.resolution % total !== 0)
    throw new UserError(
      `${where}: the strides do not divide the input: resolution is ${space.resolution}, stem and stages have a total stride of ${total}`,
      `A resolution of ${Math.max(total, Math.round(space.resolution / total) * total)} would do.`,
    );
  const form = deployedForm(space);
  const first = genomeAt(space, 0n).map((gene, i) => {
    const stage = space.stages[i]!;
    return gene.depth > 0
      ? gene
      : decisions(stage, gene)[0]!.with(Math.max(...stage.depth), (values) => values[0]!);
  });
  space.stages.forEach((stage, i) => {
    const options = stage.options.map((option, o) => ({
      ...first[i]!,
      option: o,
      choices: Object.fromEntries(Object.entries(option.choices).map(([name, values]) => [name, values[0]!])),
    }));
    for (const gene of options)
      for (const decision of decisions(stage, gene))
        for (const value of decision.values)
          tryBuild(where, space, i, () =>
            build(
              space,
              first.map((g, k) => (k === i ? decision.with(value, (v) => v[0]!) : g)),
              form,
            ),
          );
    for (const gene of options)
      tryBuild(where, space, i, () =>
        build(
          space,
          first.map((g, k) => (k === i ? gene : g)),
          form,
        ),
      );
  });
}

function tryBuild(where: string, space: Space, stage: number, make: () => unknown): void {
  try {
    make();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(
      `${where}: stages[${stage}] (${space.stages[stage]!.name}) makes an impossible shape: ${error.message}`,
      error.whatToDo,
    );
  }
}

/**
 * A space from the form a user writes (`docs/spaces.md`), checked.
 *
 * @param where  what errors call it: the file's name
 * @throws UserError  path, what was got, what is allowed: unknown keys, blocks and choices,
 *                    values out of range, shapes that cannot be
 */
export function readSpace(form: unknown, where: string): Space {
  const space = shippedSpace(form, where);
  checkShapes(where, space);
  return space;
}

/** `readSpace` without `checkShapes`: of a space that ships, its test builds every choice, not every start. */
export function shippedSpace(form: unknown, where: string): Space {
  const read = readForm(spaceForm, form, where);
  const { name, title = name, resolution, classes, act, stem, head, proxy } = read;
  const stages = read.stages.map((stage, i): StageSpec => {
    const here = `${where}: stages[${i}]`;
    const depth = unique(`${here}.depth`, stage.depth);
    if (depth.every((d) => d === 0))
      throw new UserError(`${here}.depth is ${JSON.stringify(depth)}`, "It must allow a depth of 1 or more.");
    if (depth.includes(0) && stage.stride > 1)
      throw new UserError(
        `${here}.depth allows 0 with stride ${stage.stride}`,
        "A stage may be left out only where its stride is 1.",
      );
    const options = stage.blocks.map((option, j) => readOption(`${here}.blocks[${j}]`, option));
    checkDisjoint(here, options);
    return {
      name: stage.name,
      stride: stage.stride,
      depth,
      width: stage.width === "same" ? "same" : unique(`${here}.width`, stage.width),
      downsample: stage.downsample ?? "block",
      act: stage.act ?? act,
      options,
    };
  });
  const twice = stages.find(
    (s, i) => stages.findIndex((o) => o.name === s.name) < i || s.name === "stem" || s.name === "head",
  );
  if (twice)
    throw new UserError(
      `${where}: two parts are named "${twice.name}"`,
      'Stages need names of their own, other than "stem" and "head".',
    );
  return { name, title, resolution, classes, act, stem, stages, head, proxy };
}

/**
 * A space from a YAML or JSON file.
 *
 * @throws UserError  when the file cannot be read, is not YAML, or is not a space
 */
export function loadSpace(file: string): Space {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(
      `cannot read the space ${file}: ${(error as NodeJS.ErrnoException).code}`,
      "Give a YAML file, or the name of a space (nas space list).",
    );
  }
  try {
    return readSpace(parseYaml(text), file);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    const line = error.linePos?.[0].line;
    throw new UserError(
      `${file}${line ? `:${line}` : ""}: not YAML: ${error.message.split("\n")[0]}`,
      "See docs/spaces.md for an example.",
    );
  }
}
