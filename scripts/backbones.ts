import { input, type Node } from "../src/graph/node.js";
import type { Activation } from "../src/graph/op.js";
import { squeeze } from "../src/space/attentions/squeezeExcite.js";
import { convNormAct } from "../src/space/blocks/convolution.js";
import { fusedMbConv } from "../src/space/blocks/fusedInvertedResidual.js";
import { mbConv } from "../src/space/blocks/invertedResidual.js";
import { efficientnet } from "../src/space/zoo/efficientnet.js";

/**
 * Well-known classifiers that latencies of Qualcomm's devices are published for and the zoo does
 * not have. They are here to be timed, not to be searched: max pooling stands in as average pooling
 * of 2 x 2, which moves the same features but for the overlap. The test of this file holds their
 * params to torchvision's.
 */

const classes = 1000;
const classify = (x: Node): Node => x.globalPool().conv(classes, { bias: true });
const image = (resolution: number): Node => input([3, resolution, resolution]);
const conv = (
  x: Node,
  out: number,
  kernel: number,
  stride: number,
  act: Activation | "none",
  groups = 1,
): Node => {
  const normed = x.conv(out, { kernel, stride, groups }).norm();
  return act === "none" ? normed : normed.act(act);
};

/** 7 x 7 convolution and pooling, a quarter of the image across. */
const residualStem = (): Node => conv(image(224), 64, 7, 2, "relu").avgPool(2, 2);

const shortcut = (x: Node, out: number, stride: number): Node =>
  stride === 1 && x.channels === out ? x : conv(x, out, 1, stride, "none");

/** He et al. 2016, arXiv:1512.03385: two 3 x 3 convolutions a block. */
export function resnet18(): Node {
  let x = residualStem();
  for (const [stage, out] of [64, 128, 256, 512].entries())
    for (let i = 0; i < 2; i++) {
      const stride = stage > 0 && i === 0 ? 2 : 1;
      const body = conv(conv(x, out, 3, stride, "relu"), out, 3, 1, "none");
      x = body.add(shortcut(x, out, stride)).act("relu");
    }
  return classify(x);
}

/** Bottlenecks of `depths` blocks a stage; `width` channels in the middle of the first, in `groups`. */
function bottlenecks(depths: readonly number[], width: number, groups: number): Node {
  let x = residualStem();
  for (const [stage, depth] of depths.entries())
    for (let i = 0; i < depth; i++) {
      const stride = stage > 0 && i === 0 ? 2 : 1;
      const mid = width * 2 ** stage;
      const out = 256 * 2 ** stage;
      const body = conv(conv(conv(x, mid, 1, 1, "relu"), mid, 3, stride, "relu", groups), out, 1, 1, "none");
      x = body.add(shortcut(x, out, stride)).act("relu");
    }
  return classify(x);
}

/** He et al. 2016, arXiv:1512.03385. */
export const resnet50 = (): Node => bottlenecks([3, 4, 6, 3], 64, 1);
export const resnet101 = (): Node => bottlenecks([3, 4, 23, 3], 64, 1);
/** Zagoruyko and Komodakis 2016, arXiv:1605.07146. */
export const wideresnet50 = (): Node => bottlenecks([3, 4, 6, 3], 128, 1);
/** Xie et al. 2017, arXiv:1611.05431: 32 groups of 4 and 8 channels. */
export const resnext50 = (): Node => bottlenecks([3, 4, 6, 3], 128, 32);
export const resnext101 = (): Node => bottlenecks([3, 4, 23, 3], 256, 32);

/** Radosavovic et al. 2020, arXiv:2003.13678: widths and depths of the stages, channels a group. */
function regnet(
  stages: readonly (readonly [width: number, depth: number])[],
  group: number,
  gated: boolean,
): Node {
  let x = conv(image(224), 32, 3, 2, "relu");
  for (const [width, depth] of stages)
    for (let i = 0; i < depth; i++) {
      const stride = i === 0 ? 2 : 1;
      const from = x.channels;
      const deep = conv(conv(x, width, 1, 1, "relu"), width, 3, stride, "relu", width / group);
      const kept = gated
        ? squeeze(deep, { reduced: Math.round(from / 4), act: "relu", gate: "sigmoid" })
        : deep;
      x = conv(kept, width, 1, 1, "none")
        .add(shortcut(x, width, stride))
        .act("relu");
    }
  return classify(x);
}

export const regnet_x_3_2gf = (): Node =>
  regnet(
    [
      [96, 2],
      [192, 6],
      [432, 15],
      [1008, 2],
    ],
    48,
    false,
  );
export const regnet_y_800mf = (): Node =>
  regnet(
    [
      [64, 1],
      [144, 3],
      [320, 8],
      [784, 2],
    ],
    16,
    true,
  );

interface Inverted {
  readonly out: number;
  readonly kernel: number;
  readonly expand: number;
  readonly stride: number;
  readonly depth: number;
  readonly fused?: boolean;
  readonly gated?: boolean;
}

/** Inverted residuals, gated by a quarter of the channels in, as EfficientNet has them. */
function invertedStages(start: Node, stages: readonly Inverted[], act: Activation): Node {
  let x = start;
  for (const { out, kernel, expand, stride, depth, fused, gated } of stages)
    for (let i = 0; i < depth; i++) {
      const from = x.channels;
      const shared = {
        out,
        mid: from * expand,
        kernel,
        act,
        stride: i === 0 ? stride : 1,
        residual: (i > 0 || stride === 1) && from === out,
      };
      if (fused && expand === 1) x = conv(x, out, kernel, shared.stride, act).add(x);
      else
        x = fused
          ? fusedMbConv(x, shared)
          : mbConv(x, {
              ...shared,
              expand: expand > 1,
              gate: gated
                ? (deep) => squeeze(deep, { reduced: Math.floor(from / 4), act, gate: "sigmoid" })
                : undefined,
            });
    }
  return x;
}

/** Tan et al. 2019, arXiv:1807.11626: B1 at half its width. */
export function mnasnet05(): Node {
  const first = conv(conv(image(224), 16, 3, 2, "relu"), 16, 3, 1, "relu", 16);
  const x = invertedStages(
    conv(first, 8, 1, 1, "none"),
    [
      { out: 16, kernel: 3, expand: 3, stride: 2, depth: 3 },
      { out: 24, kernel: 5, expand: 3, stride: 2, depth: 3 },
      { out: 40, kernel: 5, expand: 6, stride: 2, depth: 3 },
      { out: 48, kernel: 3, expand: 6, stride: 1, depth: 2 },
      { out: 96, kernel: 5, expand: 6, stride: 2, depth: 4 },
      { out: 160, kernel: 3, expand: 6, stride: 1, depth: 1 },
    ],
    "relu",
  );
  return classify(convNormAct(x, { out: 1280, act: "relu" }));
}

/** Tan and Le 2019, arXiv:1905.11946: B0 with 1.4 times the channels and 1.8 times the layers. */
export const efficientnet_b4 = (): Node => efficientnet(380, 1.4, 1.8);

/** Tan and Le 2021, arXiv:2104.00298, table 4. */
export function efficientnet_v2_s(): Node {
  const x = invertedStages(
    conv(image(384), 24, 3, 2, "silu"),
    [
      { out: 24, kernel: 3, expand: 1, stride: 1, depth: 2, fused: true },
      { out: 48, kernel: 3, expand: 4, stride: 2, depth: 4, fused: true },
      { out: 64, kernel: 3, expand: 4, stride: 2, depth: 4, fused: true },
      { out: 128, kernel: 3, expand: 4, stride: 2, depth: 6, gated: true },
      { out: 160, kernel: 3, expand: 6, stride: 1, depth: 9, gated: true },
      { out: 256, kernel: 3, expand: 6, stride: 2, depth: 15, gated: true },
    ],
    "silu",
  );
  return classify(convNormAct(x, { out: 1280, act: "silu" }));
}

/** Iandola et al. 2016, arXiv:1602.07360, release 1.1. */
export function squeezenet1_1(): Node {
  const fire = (x: Node, narrow: number, wide: number): Node => {
    const thin = x.conv(narrow, { bias: true }).act("relu");
    return thin
      .conv(wide, { bias: true })
      .act("relu")
      .concat(thin.conv(wide, { kernel: 3, bias: true }).act("relu"));
  };
  let x = image(224).conv(64, { kernel: 3, stride: 2, bias: true }).act("relu").avgPool(2, 2);
  for (const narrow of [16, 16]) x = fire(x, narrow, 4 * narrow);
  x = x.avgPool(2, 2);
  for (const narrow of [32, 32]) x = fire(x, narrow, 4 * narrow);
  x = x.avgPool(2, 2);
  for (const narrow of [48, 48, 64, 64]) x = fire(x, narrow, 4 * narrow);
  return x.conv(classes, { bias: true }).act("relu").globalPool();
}

/** Huang et al. 2017, arXiv:1608.06993: a norm and an activation in front of each convolution. */
export function densenet121(): Node {
  const growth = 32;
  const layer = (x: Node): Node =>
    x.concat(
      x
        .norm()
        .act("relu")
        .conv(4 * growth)
        .norm()
        .act("relu")
        .conv(growth, { kernel: 3 }),
    );
  let x = residualStem();
  for (const [block, depth] of [6, 12, 24, 16].entries()) {
    if (block > 0)
      x = x
        .norm()
        .act("relu")
        .conv(x.channels / 2)
        .avgPool(2, 2);
    for (let i = 0; i < depth; i++) x = layer(x);
  }
  return classify(x.norm().act("relu"));
}

/** Szegedy et al. 2015, arXiv:1409.4842, with batch norms and 3 x 3 for 5 x 5, as torchvision has it. */
export function googlenet(): Node {
  const cna = (x: Node, out: number, kernel = 1) => conv(x, out, kernel, 1, "relu");
  const inception = (x: Node, [a, b, bb, c, cc, d]: readonly number[]): Node =>
    cna(x, a!).concat(cna(cna(x, b!), bb!, 3), cna(cna(x, c!), cc!, 3), cna(x, d!));
  let x = conv(image(224), 64, 7, 2, "relu").avgPool(2, 2);
  x = cna(cna(x, 64), 192, 3).avgPool(2, 2);
  for (const of of [
    [64, 96, 128, 16, 32, 32],
    [128, 128, 192, 32, 96, 64],
  ])
    x = inception(x, of);
  x = x.avgPool(2, 2);
  for (const of of [
    [192, 96, 208, 16, 48, 64],
    [160, 112, 224, 24, 64, 64],
    [128, 128, 256, 24, 64, 64],
    [112, 144, 288, 32, 64, 64],
    [256, 160, 320, 32, 128, 128],
  ])
    x = inception(x, of);
  x = x.avgPool(2, 2);
  for (const of of [
    [256, 160, 320, 32, 128, 128],
    [384, 192, 384, 48, 128, 128],
  ])
    x = inception(x, of);
  return classify(x);
}
