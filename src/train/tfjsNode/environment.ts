import process from "node:process";

/**
 * One thread a worker, and no chatter on stderr. TensorFlow reads this when it is
 * loaded, from the process: a worker thread has a copy that TensorFlow does not
 * see, so the main thread calls this before it starts workers.
 */
export function prepareTensorFlow(): void {
  process.env.TF_NUM_INTRAOP_THREADS = "1";
  process.env.TF_NUM_INTEROP_THREADS = "1";
  process.env.TF_CPP_MIN_LOG_LEVEL = "3";
}
