import type { Value } from "./block.js";
import { emptyGene, equalValues, widthsOf } from "./gene.js";
import type { Gene, Genome, Space, StageSpec } from "./space.js";

/** The index of one of these values. */
type Pick = (name: string, values: readonly Value[]) => number;

/** A stage's gene, decision by decision; only what is active and has a choice is asked. */
function composeGene(stage: StageSpec, pick: Pick): Gene {
  const take = <V extends Value>(name: string, values: readonly V[]): V =>
    values.length === 1 ? values[0]! : values[pick(name, values)]!;
  const depth = take("depth", stage.depth);
  if (depth === 0) return emptyGene(stage);
  const width = take("width", widthsOf(stage));
  const option = take(
    "block",
    stage.options.map((_, i) => i),
  );
  const choices = Object.fromEntries(
    Object.entries(stage.options[option]!.choices).map(([name, values]) => [
      name,
      take(`${option}.${name}`, values),
    ]),
  );
  return { depth, width, option, choices };
}

/**
 * The genome that these answers make. Decisions are named by what they hang on,
 * `stage3.depth` or `stage3.1.kernel` (of the stage's second option), so one name
 * always has the same values.
 *
 * @param choose  the index of a value, of so many
 */
export const compose = (space: Space, choose: (name: string, values: number) => number): Genome =>
  space.stages.map((stage) =>
    composeGene(stage, (name, values) => choose(`${stage.name}.${name}`, values.length)),
  );

const decided = (gene: Gene, name: string): Value => {
  if (name === "depth") return gene.depth;
  if (name === "width") return gene.width;
  return name === "block" ? gene.option : gene.choices[name.slice(name.indexOf(".") + 1)]!;
};

/** What `compose` must answer to make this genome, in the order it asks. */
export function decisionsOf(
  space: Space,
  genome: Genome,
): readonly { readonly name: string; readonly values: number; readonly index: number }[] {
  return space.stages.flatMap((stage, i) => {
    const found: { name: string; values: number; index: number }[] = [];
    composeGene(stage, (name, values) => {
      const current = decided(genome[i]!, name);
      const index = values.findIndex((value) => equalValues(value, current));
      found.push({ name: `${stage.name}.${name}`, values: values.length, index });
      return index;
    });
    return found;
  });
}
