import { Piscina } from "piscina";
import type { Dataset } from "./dataset.js";
import type { TrainingAnswer, TrainingQuestion } from "./question.js";
import type { ScoringAnswer, ScoringQuestion } from "./score.js";
import type { WorkerData } from "./worker.js";

export interface PoolOptions {
  /** Trials trained at once, one a thread; changes the speed, never an answer. */
  readonly workers: number;
  readonly dataset: Dataset;
  /** Cap of each worker's JavaScript heap, and of its engine's memory. */
  readonly memoryMb: number;
  /** Longest a trial may take, its wait for a worker left out. */
  readonly timeoutMs: number;
}

/** Threads that answer questions. */
export interface Pool<Q = TrainingQuestion, A = TrainingAnswer> {
  /**
   * Answer one question, such as to train a network, in the order asked. A trial that throws, ends its thread, needs too much memory
   * or too much time is answered `failed`; the others go on.
   *
   * @throws the signal's reason  at once when it aborts, or when a waiting trial's turn comes
   * @throws Error  when the pool is closed meanwhile, or its workers cannot start
   */
  evaluate(question: Q, signal?: AbortSignal): Promise<A | Failed>;
  /** End all threads, whatever they do. */
  close(): Promise<void>;
}

export interface Failed {
  readonly status: "failed";
  readonly why: string;
}

/** Threads that train. */
export const openPool = (options: PoolOptions): Pool =>
  poolOf(new URL("./worker.js", import.meta.url), options);

/** Threads that score networks without training them. */
export const openScorers = (options: PoolOptions): Pool<ScoringQuestion, ScoringAnswer> =>
  poolOf(new URL("./scoreWorker.js", import.meta.url), options);

/** A pool of other workers than ours: a module whose default export answers a question. */
export function poolOf<Q = TrainingQuestion, A = TrainingAnswer>(
  worker: URL,
  { workers, dataset, memoryMb, timeoutMs }: PoolOptions,
): Pool<Q, A> {
  const threads = new Piscina<Q, A>({
    filename: worker.href,
    minThreads: workers,
    maxThreads: workers,
    workerData: { dataset, memoryMb } satisfies WorkerData,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
  });
  const turns = turnsOf(workers);
  const broken = new AbortController();
  let closed = false;
  // A thread that dies idle is replaced; one that cannot start is not, and nothing would ever be answered.
  threads.on("error", (error: Error) => {
    if (threads.threads.length < workers) broken.abort(error);
  });

  return {
    async evaluate(question, signal) {
      await turns.take();
      const late = new AbortController();
      const timer = setTimeout(() => late.abort(), timeoutMs);
      const stop = AbortSignal.any([late.signal, broken.signal, ...(signal === undefined ? [] : [signal])]);
      try {
        if (closed) throw closedError();
        return await threads.run(question, { signal: stop });
      } catch (error) {
        signal?.throwIfAborted();
        broken.signal.throwIfAborted();
        if (closed) throw closedError();
        const why = late.signal.aborted ? `took longer than ${timeoutMs / 1000} s` : (error as Error).message;
        return { status: "failed", why };
      } finally {
        clearTimeout(timer);
        turns.give();
      }
    },
    async close() {
      closed = true;
      await threads.destroy();
    },
  };
}

const closedError = () => new Error("the pool of workers is closed");

/** So many turns at once, first come first served; piscina's own queue keeps no order among tasks with a signal. */
function turnsOf(free: number) {
  const waiting: (() => void)[] = [];
  return {
    async take(): Promise<void> {
      if (free > 0) free--;
      else await new Promise<void>((resolve) => waiting.push(resolve));
    },
    give(): void {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    },
  };
}
