import answer, { type Task } from "../../src/train/worker.js";

/** A worker that ends its thread on trial 13, and is ours on all others. */
export default function endOnThirteen(task: Task) {
  if (task.question.trial === 13) process.exit(7);
  return answer(task);
}
