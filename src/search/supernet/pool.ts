import { type Pool, type PoolOptions, poolOf } from "../../train/pool.js";
import type { SupernetAnswer, SupernetQuestion } from "./question.js";

/** Threads that train a supernet and score networks with its weights. */
export interface SupernetPool {
  /** As `Pool.evaluate`: what fails is answered `failed`. */
  ask(question: SupernetQuestion, signal?: AbortSignal): Promise<SupernetAnswer>;
  close(): Promise<void>;
}

export function openSupernetPool(options: PoolOptions): SupernetPool {
  const pool = poolOf(new URL("./worker.js", import.meta.url), options);
  type Evaluate = Pool["evaluate"];
  return {
    async ask(question, signal) {
      const answer: unknown = await pool.evaluate(question as unknown as Parameters<Evaluate>[0], signal);
      const failed = answer as { status?: string; why?: string };
      return failed.status === "failed" ? { kind: "failed", why: failed.why! } : (answer as SupernetAnswer);
    },
    close: () => pool.close(),
  };
}
