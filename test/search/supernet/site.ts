import * as targets from "../../../src/latency/targets/index.js";
import { choicesOf } from "../../../src/search/supernet/architecture.js";
import type { Rule, SupernetPlan } from "../../../src/search/supernet/question.js";
import { stageLatency } from "../../../src/search/supernet/stageLatency.js";
import { splitDataset } from "../../../src/train/dataset.js";
import { small } from "./spaces.js";

const classes = 4;
const resolution = 8;

/** Images of one grey each, a little uneven; how bright it is is the class. */
export function greys(count: number) {
  const size = resolution ** 2 * 3;
  const images = new Uint8Array(count * size);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    labels[i] = i % classes;
    for (let j = 0; j < size; j++) images[i * size + j] = 20 + 70 * labels[i]! + ((i * 7 + j * 13) % 11);
  }
  const facts = {
    ...{ name: "greys", title: "greys", synthetic: true, channels: 3, resolution, classes },
    ...{ classNames: ["a", "b", "c", "d"], source: "this test" },
  };
  return splitDataset(facts, { images, labels });
}

export const choices = choicesOf(small);
const proxy = { resolution, channels: 3, classes, width: 1, dropStrides: 0 };

/** A plan on the space `small`, whose stage b alone may be skipped. */
export const planOf = (rule: Partial<Rule>, limitMs = 1): SupernetPlan => ({
  ...{ space: small, proxy, engine: "wasm", seed: 1, limitMs },
  fidelity: { images: 320, batch: 16 },
  rule: {
    ...{ paths: "binary", sharing: "choices", epochs: 8, warmUp: 0, branches: 2 },
    ...{ loss: "add-linear", rate: 0.1 },
    ...rule,
  },
  latency: stageLatency(choices, targets.iphone13Npu),
});
