import { input, type Node } from "../../graph/node.js";
import { squeeze } from "../attentions/squeezeExcite.js";
import type { Published, ZooEntry } from "./entry.js";
import { classifier } from "./layers.js";

interface Filter {
  readonly out: number;
  readonly kernel: number;
  readonly stride: number;
  readonly groups: number;
}

/** One convolution, in the form it is trained or deployed. */
type Form = (x: Node, filter: Filter) => Node;

const deployed: Form = (x, { out, ...conv }) => x.conv(out, { ...conv, bias: true });

/** `count` convolutions side by side; beside a k×k also a 1×1, and where nothing changes shape the input itself; all normed. */
const trained =
  (count: number): Form =>
  (x, { out, kernel, stride, groups }) => {
    const same = stride === 1 && out === x.channels;
    const [first, ...others] = [
      ...Array.from({ length: count }, () => x.conv(out, { kernel, stride, groups }).norm()),
      ...(kernel > 1 ? [x.conv(out, { stride, groups }).norm()] : []),
      ...(same ? [x.norm()] : []),
    ] as [Node, ...Node[]];
    return others.length === 0 ? first : first.add(...others);
  };

interface Plan {
  /** Channels of the stem and the four stages. */
  readonly widths: readonly [number, number, number, number, number];
  /** How many of each stage's layers, counted from its end, have squeeze-and-excitation. */
  readonly squeezed?: readonly [number, number, number, number];
  /** Parallel convolutions in training, but for the stem, which has one. */
  readonly branches: number;
}

const depths = [2, 8, 10, 1];

function network({ widths, squeezed = [0, 0, 0, 0] }: Plan, first: Form, form: Form): Node {
  const finish = (x: Node, gated: boolean) =>
    (gated ? squeeze(x, { reduced: x.channels / 16, act: "relu", gate: "sigmoid" }) : x).act("relu");
  let x = finish(first(input([3, 224, 224]), { out: widths[0], kernel: 3, stride: 2, groups: 1 }), false).as(
    "stem",
  );
  depths.forEach((depth, i) => {
    for (let n = 1; n <= depth; n++) {
      const gated = n > depth - squeezed[i]!;
      const stride = n === 1 ? 2 : 1;
      const filtered = form(x, { out: x.channels, kernel: 3, stride, groups: x.channels });
      const mixed = form(finish(filtered, gated), { out: widths[i + 1]!, kernel: 1, stride: 1, groups: 1 });
      x = finish(mixed, gated).as(`stage${i + 1}.${n}`);
    }
  });
  return classifier(x);
}

const source = "Vasu et al. 2023, arXiv:2206.04040; apple/ml-mobileone mobileone.py";
const figures = "apple/ml-mobileone README.md; params and MACs from timm's benchmark tables";

type Figures = Omit<Published, "source">;

const entry = (size: string, plan: Plan, published?: Figures): ZooEntry => ({
  title: `MobileOne-${size}`,
  resolution: 224,
  source: `${source}, reparameterised`,
  ...(published && { published: { ...published, source: figures } }),
  build: () => network(plan, deployed, deployed),
});

const training = (size: string, plan: Plan, params: number): ZooEntry => ({
  title: `MobileOne-${size}, with its training branches`,
  resolution: 224,
  source,
  published: { params, source: "timm's results-imagenet.csv, not fused" },
  build: () => network(plan, trained(1), trained(plan.branches)),
});

const s0: Plan = { widths: [48, 48, 128, 256, 1024], branches: 4 };
const s1: Plan = { widths: [64, 96, 192, 512, 1280], branches: 1 };
const s2: Plan = { widths: [64, 96, 256, 640, 2048], branches: 1 };
const s3: Plan = { widths: [64, 128, 320, 768, 2048], branches: 1 };
const s4: Plan = { widths: [64, 192, 448, 896, 2048], branches: 1, squeezed: [0, 0, 5, 1] };

export const mobileone_s0 = entry("S0", s0, { params: 2.08e6, macs: 0.28e9, top1: 0.714 });
export const mobileone_s1 = entry("S1", s1, { params: 4.76e6, macs: 0.83e9, top1: 0.759 });
export const mobileone_s2 = entry("S2", s2);
export const mobileone_s3 = entry("S3", s3);
export const mobileone_s4 = entry("S4", s4, { params: 14.84e6, macs: 2.98e9, top1: 0.794 });
export const mobileone_s0_train = training("S0", s0, 5.29e6);
export const mobileone_s1_train = training("S1", s1, 4.83e6);
export const mobileone_s2_train = training("S2", s2, 7.88e6);
export const mobileone_s3_train = training("S3", s3, 10.17e6);
export const mobileone_s4_train = training("S4", s4, 14.95e6);
