import { UserError } from "../base/errors.js";
import { lookup } from "../base/lookup.js";
import { input, type Node } from "../graph/node.js";
import type { Block } from "./block.js";
import * as blocks from "./blocks/index.js";
import type { Gene, Genome, Space, StageSpec } from "./space.js";

/** Which form of a genome to build. */
export interface Form {
  /** Pixels across the square image. */
  readonly resolution: number;
  /** Channels of the image. */
  readonly channels: number;
  readonly classes: number;
  /** All widths are multiplied by this and rounded to even numbers, 4 at least. */
  readonly width: number;
  /** How many of the strides, from the image on, become 1. */
  readonly dropStrides: number;
}

/** The form that is deployed, and whose latency and cost count: RGB at the space's resolution. */
export const deployedForm = (space: Space): Form => ({
  resolution: space.resolution,
  channels: 3,
  classes: space.classes,
  width: 1,
  dropStrides: 0,
});

/** The form that proxy training uses on a data set of small images. */
export const proxyForm = (
  space: Space,
  data: { readonly resolution: number; readonly channels: number; readonly classes: number },
): Form => ({
  resolution: data.resolution,
  channels: data.channels,
  classes: data.classes,
  width: space.proxy.width,
  dropStrides: space.proxy.dropStrides,
});

/** The strides a form keeps, in order: stem layers, then stages. */
export function stridesOf(space: Space, form: Form): readonly number[] {
  let drop = form.dropStrides;
  return [...space.stem, ...space.stages].map(({ stride }) => (stride > 1 && drop-- > 0 ? 1 : stride));
}

const blockOf = (name: string): Block => lookup(blocks, name, "block") as Block;

function buildStage(x: Node, stage: StageSpec, gene: Gene, width: number, stride: number): Node {
  const block = blockOf(stage.options[gene.option]!.block);
  const changes = stride > 1 || width !== x.channels;
  const convFirst = changes && (stage.downsample === "conv" || block.keepsShape === true);
  let at = convFirst ? x.conv(width, { kernel: 3, stride }).norm().as(`${stage.name}.down`) : x;
  for (let i = 0; i < gene.depth; i++) {
    const here = { width, stride: i === 0 && !convFirst ? stride : 1, act: stage.act };
    const built = block.build(at, gene.choices as never, here);
    at = built === at ? at : built.as(`${stage.name}.${i}`);
  }
  return at;
}

/** How the networks of a space are built, one piece after the other. */
export interface Builder {
  /** The image and the stem: the part `stem`. */
  stem(): Node;
  /** What a gene makes of stage number i behind x: the parts `stage1.0`, `stage1.1`, ...; x where it is empty. */
  stage(x: Node, i: number, gene: Gene): Node;
  /** [classes, 1, 1]: the part `head`. */
  head(x: Node): Node;
}

/**
 * How the networks of a space are built in a form.
 *
 * @throws UserError  when the form's strides do not divide its resolution
 */
export function builderOf(space: Space, form: Form): Builder {
  const strides = stridesOf(space, form);
  const total = strides.reduce((product, s) => product * s, 1);
  if (form.resolution % total !== 0)
    throw new UserError(
      `the strides of space ${space.name} do not divide its input: ${form.resolution} pixels, total stride ${total}`,
      `A multiple of ${total} would do.`,
    );
  const wide = (width: number) =>
    form.width === 1 ? width : Math.max(4, 2 * Math.round((width * form.width) / 2));
  return {
    stem() {
      let x = input([form.channels, form.resolution, form.resolution]);
      space.stem.forEach((layer, i) => {
        x = x.conv(wide(layer.width), { kernel: layer.kernel, stride: strides[i]! }).norm().act(space.act);
      });
      return x.as("stem");
    },
    stage(x, i, gene) {
      if (gene.depth === 0) return x;
      const width = gene.width === 0 ? x.channels : wide(gene.width);
      return buildStage(x, space.stages[i]!, gene, width, strides[space.stem.length + i]!);
    },
    head(x) {
      const features = (from: Node) => from.conv(wide(space.head.width)).norm().act(space.act);
      const pooled = space.head.order === "conv-pool" ? features(x).globalPool() : features(x.globalPool());
      return pooled.conv(form.classes, { bias: true }).as("head");
    },
  };
}

/**
 * The network of a genome: stem, stages, head; [channels, resolution, resolution] to [classes, 1, 1].
 *
 * @throws UserError  when a form's strides do not divide its resolution, or a block cannot take its input
 */
export function build(space: Space, genome: Genome, form: Form): Node {
  const { stem, stage, head } = builderOf(space, form);
  return head(genome.reduce((x, gene, i) => stage(x, i, gene), stem()));
}
