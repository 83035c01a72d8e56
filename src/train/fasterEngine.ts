import { Piscina } from "piscina";
import { prepareEngine } from "./prepareEngine.js";
import type { SpeedQuestion } from "./speedWorker.js";
import { loadBinding } from "./tfjsNode/binding.js";

/** Those worth asking: the others are slow, or slower by what they promise. */
const contenders = ["wasm", "tfjs-node"] as const;

export interface Choice {
  readonly engine: string;
  /** Training images a second of each that loads; nothing when there was nothing to choose from. */
  readonly speeds: { readonly [engine: string]: number };
}

/** What of TensorFlow loads here, if any. */
export function tensorFlowVersion(): string | undefined {
  try {
    return loadBinding().TF_Version;
  } catch {
    return undefined;
  }
}

/**
 * The engine that trains a network fastest here, each timed in a worker thread of
 * its own, as a search uses it; `wasm` without a test where TensorFlow is not there.
 *
 * @param network  as `graph/text.ts` prints it
 */
export async function fasterEngine(network: string, batch: number): Promise<Choice> {
  if (tensorFlowVersion() === undefined) return { engine: "wasm", speeds: {} };
  const speeds: Record<string, number> = {};
  for (const engine of contenders) {
    const thread = new Piscina<SpeedQuestion, number>({
      filename: new URL("./speedWorker.js", import.meta.url).href,
      maxThreads: 1,
    });
    try {
      prepareEngine(engine);
      speeds[engine] = await thread.run({ engine, network, batch, seconds: 1 });
    } catch {
      // An engine that does not load in a worker is no choice.
    } finally {
      await thread.destroy();
    }
  }
  const [fastest] = Object.entries(speeds).sort(([, a], [, b]) => b - a);
  return { engine: fastest?.[0] ?? "wasm", speeds };
}
