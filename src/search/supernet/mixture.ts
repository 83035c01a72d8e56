import { type Node, paths } from "../../graph/node.js";
import type { Builder } from "../../space/build.js";
import type { Choices } from "./architecture.js";

/** A network in which stages are weighted sums of several candidates. */
export interface Mixture {
  readonly out: Node;
  /** By stage, by candidate taken: the weight that its coefficient fills, by path; none where one is taken alone. */
  readonly gates: readonly (readonly string[])[];
  /** By stage: what it reads, and by candidate taken what that makes of it. */
  readonly stages: readonly { readonly start: Node; readonly ends: readonly Node[] }[];
}

/**
 * The network of some candidates a stage, each built by the space itself. A coefficient is a layer
 * scale with one value for all channels; so engines need no operator for it, and the gradient of
 * a coefficient is the sum of its layer scale's.
 *
 * @param taken  the numbers of each stage's candidates, which must hand on one shape
 */
export function mixtureOf(
  choices: Choices,
  builder: Builder,
  taken: readonly (readonly number[])[],
): Mixture {
  const marks: Node[][] = [];
  const stages: Mixture["stages"][number][] = [];
  let x = builder.stem();
  taken.forEach((numbers, i) => {
    const { name } = choices.space.stages[i]!;
    const ends = numbers.map((n) => builder.stage(x, i, choices.stages[i]![n]!.gene));
    stages.push({ start: x, ends });
    if (ends.length === 1) {
      x = ends[0]!;
      marks.push([]);
      return;
    }
    const gated = ends.map((end, k) => end.scale(1).as(`${name}.gate${k}`));
    marks.push(gated);
    x = gated[0]!.add(...gated.slice(1)).as(`${name}.mix`);
  });
  const out = builder.head(x);
  const path = paths(out);
  return { out, stages, gates: marks.map((gated) => gated.map((node) => `${path.get(node)}/factor`)) };
}

/** The gradient of each coefficient, by stage, from those of the network's weights. */
export const gateGradients = (
  { gates }: Mixture,
  gradients: ReadonlyMap<string, Float32Array>,
): readonly (readonly number[])[] =>
  gates.map((stage) => stage.map((path) => gradients.get(path)!.reduce((sum, g) => sum + g, 0)));
