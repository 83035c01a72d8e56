import { lookup } from "../base/lookup.js";
import type { Engine } from "./engine.js";
import * as engines from "./engines/index.js";

/**
 * Make an engine ready for worker threads, in the main thread, before a run is made or driven.
 *
 * @throws UserError  when it is not known or cannot work here, with how to get it
 */
export const prepareEngine = (name: string): void => lookup<Engine>(engines, name, "engine").prepare?.();
