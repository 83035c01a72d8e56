import { lookup } from "../base/lookup.js";
import { parse } from "../graph/text.js";
import type { Engine } from "./engine.js";
import * as engines from "./engines/index.js";
import { imagesPerSecond } from "./speed.js";

/** An engine by name, and what to time it on, as `graph/text.ts` prints it. */
export interface SpeedQuestion {
  readonly engine: string;
  readonly network: string;
  readonly batch: number;
  readonly seconds: number;
}

/** @throws UserError  when what the engine needs is not there, or may not be used in a worker thread */
export default ({ engine, network, ...given }: SpeedQuestion): Promise<number> =>
  imagesPerSecond(lookup<Engine>(engines, engine, "engine"), parse(network), given);
