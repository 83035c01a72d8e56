/** A model to time, as the timing process is told. */
export interface Job {
  /** An ONNX file. */
  readonly model: Uint8Array;
  /** Of its input, batch included. */
  readonly shape: readonly number[];
  /** What is timed: the whole call, or the nodes between those around a piece. */
  readonly what: "call" | "piece";
  readonly threads: number;
}

/** One session of a model: loaded, warmed up, run until its time is known. */
export interface Visit {
  /** The fastest tenth of the runs. */
  readonly ms: number;
  /** Runs after the warm-up. */
  readonly count: number;
  /** Third less first quartile of the runs. */
  readonly spreadMs: number;
}

/** What the timing process answers. */
export type Answer = { readonly visit: Visit } | { readonly error: string };
