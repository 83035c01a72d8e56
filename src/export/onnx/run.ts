import { InferenceSession, Tensor } from "onnxruntime-node";

/** An ONNX file loaded in onnxruntime, float32 on the CPU. */
export interface Loaded {
  /** The only output for the only input; images are [n, c, h, w]. */
  run(images: Float32Array, shape: readonly number[]): Promise<Float32Array>;
  close(): Promise<void>;
}

export async function load(file: string): Promise<Loaded> {
  const session = await InferenceSession.create(file, { executionProviders: ["cpu"], logSeverityLevel: 3 });
  const [input] = session.inputNames;
  const [output] = session.outputNames;
  return {
    async run(images, shape) {
      const results = await session.run({ [input!]: new Tensor("float32", images, shape) });
      return results[output!]!.data as Float32Array;
    },
    close: () => session.release(),
  };
}
