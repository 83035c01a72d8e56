// Two threads at a time train by tfjs-node; of each pair one is ended at work. In a process of its own, as it may crash.
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { stream } from "../../src/base/rng.js";
import { nodes } from "../../src/graph/node.js";
import { tfjsNode } from "../../src/train/engines/index.js";
import { initialWeights } from "../../src/train/initial.js";
import { batchFor, composed } from "../train/networks.js";

const options = { momentum: 0.9, nesterov: true, weightDecay: 1e-4, labelSmoothing: 0.1 };

async function train(): Promise<void> {
  const out = composed.everything!;
  const trainer = await tfjsNode.open(out, initialWeights(out, stream(1, "weights")), options);
  const batch = batchFor(nodes(out)[0]!.shape, 8, 1);
  let loss = 0;
  for (let step = 0; step < 20; step++) {
    loss = trainer.step(batch, 0.01).loss;
    if (step === 4) parentPort!.postMessage("at work");
  }
  parentPort!.postMessage(loss);
  trainer.dispose();
}

/** The loss in the end, or undefined when ended at work. */
const thread = (end: boolean): Promise<number | undefined> =>
  new Promise((done, fail) => {
    const worker = new Worker(new URL(import.meta.url));
    let loss: number | undefined;
    worker.on("message", (said: number | "at work") => {
      if (said !== "at work") loss = said;
      else if (end) worker.terminate();
    });
    worker.on("error", fail);
    worker.on("exit", () => done(loss));
  });

if (isMainThread) {
  tfjsNode.prepare!();
  const losses: (number | undefined)[] = [];
  for (let round = 0; round < Number(process.argv[2]); round++) {
    const [whole] = await Promise.all([thread(false), thread(true)]);
    losses.push(whole);
  }
  const finished = losses.filter((loss) => loss !== undefined);
  process.stdout.write(JSON.stringify({ finished: finished.length, losses: finished }));
} else await train();
