import type { TrainingQuestion } from "../../src/train/question.js";
import answer from "../../src/train/worker.js";

/** A worker that ends its thread on trial 13, and is ours on all others. */
export default function endOnThirteen(question: TrainingQuestion) {
  if (question.trial === 13) process.exit(7);
  return answer(question);
}
