import { mlpackage } from "../../export/coreml/mlpackage.js";
import type { KitFormat } from "../format.js";
import { app, main, measure } from "./swift.js";

/** Core ML, on an iPhone or a Mac: packages in float16 and a Swift program that times them. */
export const coreml: KitFormat = {
  title: "Core ML packages, iOS 16 and later",
  extension: ".mlpackage",
  runtime: "Core ML",
  dtype: "float16",
  protocol: "nas kit, Core ML: MLModel.prediction one after another, batch 1, median",
  inputShape: (shape) => [1, ...shape],
  model: (out, weights, about) => mlpackage(out, weights, { precision: "float16", about }),
  runner: () => ({ "Measure.swift": measure, "App.swift": app, "main.swift": main }),
  steps: [
    "On an iPhone: make an iOS app in Xcode (SwiftUI), put in `Measure.swift` and `App.swift` in place of",
    "its own files, and drag `models` and `manifest.json` into it as folder references. Run it in the",
    "Release configuration with the phone cool and charging; it shares `results.json` when it is done.",
    "",
    "On a Mac: `swiftc -O Measure.swift main.swift -o measure && ./measure . all`; the last word is the",
    "compute unit: all, cpuAndNeuralEngine, cpuAndGPU or cpuOnly.",
  ],
};
