import { Piscina } from "piscina";
import type { Dataset } from "./dataset.js";
import type { TrainingAnswer, TrainingQuestion } from "./question.js";
import type { Begun, Task, WorkerData } from "./worker.js";

export interface PoolOptions {
  /** Trials trained at once, one a thread; changes the speed, never an answer. */
  readonly workers: number;
  readonly dataset: Dataset;
  /** Cap of each worker's JavaScript heap, and of its engine's memory. */
  readonly memoryMb: number;
  /** Longest a trial may take, from when a worker takes it up. */
  readonly timeoutMs: number;
}

/** Threads that train. */
export interface Pool {
  /**
   * Train one network. A trial that throws, ends its thread, needs too much memory
   * or too much time is answered `failed`; the others go on.
   *
   * @throws the signal's reason  at once when it aborts; the trial's thread is ended
   * @throws Error  when the pool is closed meanwhile, or its workers cannot start
   */
  evaluate(question: TrainingQuestion, signal?: AbortSignal): Promise<TrainingAnswer>;
  /** End all threads, whatever they do. */
  close(): Promise<void>;
}

export const openPool = (options: PoolOptions): Pool =>
  poolOf(new URL("./worker.js", import.meta.url), options);

/** A pool of other workers than ours: a module whose default export answers a `Task`. */
export function poolOf(worker: URL, { workers, dataset, memoryMb, timeoutMs }: PoolOptions): Pool {
  const threads = new Piscina<Task, TrainingAnswer>({
    filename: worker.href,
    minThreads: workers,
    maxThreads: workers,
    workerData: { dataset, memoryMb } satisfies WorkerData,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
  const begun = new Map<number, () => void>();
  const broken = new AbortController();
  let closed = false;
  let tasks = 0;
  threads.on("message", (message: Begun) => begun.get(message.begun)?.());
  // A thread that dies idle is replaced; one that cannot start is not, and nothing would ever be answered.
  threads.on("error", (error: Error) => {
    if (threads.threads.length < workers) broken.abort(error);
  });

  return {
    async evaluate(question, signal) {
      if (closed) throw closedError();
      const id = tasks++;
      const late = new AbortController();
      const stop = AbortSignal.any([late.signal, broken.signal, ...(signal === undefined ? [] : [signal])]);
      let timer: NodeJS.Timeout | undefined;
      begun.set(id, () => {
        timer = setTimeout(() => late.abort(), timeoutMs);
      });
      try {
        return await threads.run({ id, question }, { signal: stop });
      } catch (error) {
        signal?.throwIfAborted();
        broken.signal.throwIfAborted();
        if (closed) throw closedError();
        const why = late.signal.aborted ? `took longer than ${timeoutMs / 1000} s` : (error as Error).message;
        return { status: "failed", why };
      } finally {
        begun.delete(id);
        clearTimeout(timer);
      }
    },
    async close() {
      closed = true;
      await threads.destroy();
    },
  };
}

const closedError = () => new Error("the pool of workers is closed");
