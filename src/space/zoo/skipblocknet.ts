import type { Node } from "../../graph/node.js";
import { convNormAct } from "../blocks/convolution.js";
import type { ZooEntry } from "./entry.js";
import { efficientHead, inverted, quarter, stem } from "./layers.js";
import { type Row, stages } from "./table.js";

/** The first block's maps, averaged to the size of `x` and filtered with kernel `f` on `m` channels. */
function bridge(base: Node, x: Node, row: Row): Node {
  const pooled = base.avgPool(base.height / x.height, base.height / x.height);
  const wide = convNormAct(pooled, { out: row.number("m"), act: "relu" });
  const deep = wide
    .depthwise({ kernel: row.number("f") })
    .norm()
    .act("relu");
  return deep.conv(x.channels).norm();
}

/** Inverted residuals; where `bridge` stands, the bridge is added to the layer's input. */
function network(table: string, wide: number): Node {
  const layer = inverted({ act: "relu", squeeze: quarter });
  let base: Node | undefined;
  const x = stages(stem(224, { width: 16, act: "hard-swish" }), table, (from, row) => {
    if (base !== undefined && row.has("bridge")) return layer(from.add(bridge(base, from, row)), row);
    const next = layer(from, row);
    base ??= next;
    return next;
  });
  return efficientHead(x, { wide, width: 1280 });
}

const source = "Abrahamyan et al. 2021, arXiv:2107.11170; lusinlu/biasloss_skipblocknet skipblocknet.py";

export const skipblocknet_1_0: ZooEntry = {
  title: "SkipblockNet 1.0",
  resolution: 224,
  source,
  build: () =>
    network(
      `
      o16 hs: k3 e1 pw
      o24: k3 e4 s2 | k3 e3
      o40 se: k5 e3 s2 n2
      o40 se hs: k5 e6
      o80 hs: bridge m96 f5 k3 e6 s2 | k3 e2.5 | k3 e2.3 n2
      o112 se hs: bridge m40 f3 k3 e6 | k3 e6
      o160 se hs: k5 e6 s2 n3
      `,
      960,
    ),
};

export const skipblocknet_0_75: ZooEntry = {
  title: "SkipblockNet 0.75",
  resolution: 224,
  source,
  build: () =>
    network(
      `
      o16 hs: k3 e1 pw
      o24: k3 e4 s2 | k3 e3
      o32 se: k5 e3 s2 n2
      o32 se hs: k5 e6
      o64 hs: bridge m96 f5 k3 e6 s2 | k3 e2.5 | k3 e2.3 n2
      o88 se hs: bridge m40 f3 k3 e6 | k3 e6
      o120 se hs: k5 e6 s2 n3
      `,
      720,
    ),
};
