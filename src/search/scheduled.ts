import { lookup } from "../base/lookup.js";
import type { Schedule } from "./schedule.js";
import * as schedules from "./schedules/index.js";
import type { Options, Scheduled, Strategy } from "./strategy.js";

/** A strategy as a schedule of the index asks it; itself without one. */
export function scheduled(
  strategy: Strategy,
  schedule: { readonly name: string; readonly options: Options } | undefined,
  epochs: number,
): Scheduled {
  if (schedule === undefined) return strategy;
  const found = lookup(schedules as Readonly<Record<string, unknown>>, schedule.name, "schedule");
  return (found as Schedule).apply(strategy, schedule.options, epochs);
}
