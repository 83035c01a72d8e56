import type { Node } from "../../graph/node.js";
import { convNormAct } from "../blocks/convolution.js";
import type { ZooEntry } from "./entry.js";
import { classifier, stem } from "./layers.js";
import { stages } from "./table.js";

const table = `
  o64: n1
  o128: s2 n2
  o256: s2 n2
  o512: s2 n6
  o1024: s2 n2
`;

/** Filter 3×3 in groups of `size` channels, then mix 1×1. */
const separable = (size: number) =>
  stages(stem(224, { width: 32, act: "relu" }), table, (x: Node, { width, stride }) => {
    const filtered = convNormAct(x, {
      out: x.channels,
      kernel: 3,
      stride,
      groups: x.channels / size,
      act: "relu",
    });
    return convNormAct(filtered, { out: width, act: "relu" });
  });

export const mobilenet_v1: ZooEntry = {
  title: "MobileNetV1",
  resolution: 224,
  source: "Howard et al. 2017, arXiv:1704.04861, table 1",
  build: () => classifier(separable(1)),
};

/** MobileNetV1 with group convolutions of a fixed group size for its depthwise ones. */
const e2gc = (size: number): ZooEntry => ({
  title: `E2GC MobileNetV1, groups of ${size}`,
  resolution: 224,
  source: "arXiv:2006.15100, constant group size, on MobileNetV1's table",
  build: () => classifier(separable(size)),
});

export const e2gc_mobilenetv1_G2 = e2gc(2);
export const e2gc_mobilenetv1_G4 = e2gc(4);
export const e2gc_mobilenetv1_G8 = e2gc(8);
export const e2gc_mobilenetv1_G16 = e2gc(16);
export const e2gc_mobilenetv1_G32 = e2gc(32);
