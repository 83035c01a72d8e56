import { workerData } from "node:worker_threads";
import { endThread } from "./endThread.js";
import { type ScoringAnswer, type ScoringQuestion, scoreOf } from "./score.js";
import type { WorkerData } from "./worker.js";

/** Score a network, in a worker thread. What cannot be foreseen ends it. */
export default function answer(question: ScoringQuestion): Promise<ScoringAnswer> {
  return scoreOf(question, (workerData as WorkerData).dataset).catch(endThread);
}
