import { around } from "./smallModel.js";

interface Event {
  readonly cat: string;
  readonly name: string;
  /** Microseconds. */
  readonly ts: number;
  readonly dur: number;
}

const suffix = "_kernel_time";

const isAround = (name: string) => name.startsWith(around.before) || name.startsWith(around.beside);

/**
 * What a piece took in each run of its small model, by onnxruntime's profile: the time of all
 * nodes but those around it. Changes of layout that the piece calls for are counted with it.
 *
 * @param text  the profile's JSON: node events with start and length in microseconds
 * @returns     milliseconds, one a run in order
 */
export function pieceTimes(text: string): readonly number[] {
  const events = (JSON.parse(text) as readonly Event[])
    .filter(({ cat, name }) => name === "model_run" || (cat === "Node" && name.endsWith(suffix)))
    .sort((a, b) => a.ts - b.ts);
  const runs: Event[][] = [];
  for (const event of events)
    if (event.name === "model_run") runs.push([]);
    else runs.at(-1)?.push(event);
  return runs.map((run) => {
    const end = run.findIndex(({ name }) => name.startsWith(around.end));
    const own = run.slice(0, end).filter(({ name }) => !isAround(name));
    return own.reduce((sum, { dur }) => sum + dur, 0) / 1000;
  });
}
