import { stream } from "../base/rng.js";
import { input, type Node } from "../graph/node.js";
import type { Shape } from "../graph/op.js";
import { builderOf, deployedForm } from "./build.js";
import { geneAt, geneCount } from "./gene.js";
import type { Space } from "./space.js";

/** Genes of one stage that are built at most; of more, this many are drawn. */
const most = 2000n;

/**
 * Every stem, stage and head that networks of a space are made of, in their deployed form, each
 * as a network of its own: a stage is built once for each of its genes and each shape that may
 * come before it. Together they have every kernel and every block of the space, but where a stage
 * has more than 2,000 genes, of which 2,000 are drawn.
 */
export function* everyStage(space: Space): Generator<Node> {
  const { stem, stage, head } = builderOf(space, deployedForm(space));
  const first = stem();
  yield first;
  let shapes = new Map([[first.shape.join(), first.shape]]);
  for (const [i, spec] of space.stages.entries()) {
    const count = geneCount(spec);
    const rng = stream(0, "stage", i);
    const numbers = Array.from({ length: Number(count < most ? count : most) }, (_, n) =>
      count <= most ? BigInt(n) : rng.bigBelow(count),
    );
    const next = new Map<string, Shape>();
    for (const shape of shapes.values())
      for (const number of numbers) {
        const x = input(shape);
        const out = stage(x, i, geneAt(spec, number));
        next.set(out.shape.join(), out.shape);
        if (out !== x) yield out;
      }
    shapes = next;
  }
  for (const shape of shapes.values()) yield head(input(shape));
}
