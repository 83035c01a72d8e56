import { createRequire } from "node:module";
import type { Engine } from "../engine.js";
import { loadBinding, shareWithThreads } from "../tfjsNode/binding.js";
import { trainerOn } from "../tfjsNode/trainer.js";

let opened = "";

/** TensorFlow's own kernels, where the optional package is there. */
export const tfjsNode: Engine = {
  title: "TensorFlow (the optional @tensorflow/tfjs-node)",
  build: () => opened,
  prepare: () => shareWithThreads(loadBinding()),
  async open(out, weights, options) {
    const binding = loadBinding();
    const { version } = createRequire(import.meta.url)("@tensorflow/tfjs-node/package.json") as {
      version: string;
    };
    opened = `tfjs-node, tfjs-node ${version}, TensorFlow ${binding.TF_Version}`;
    return trainerOn(binding, out, weights, options);
  },
};
