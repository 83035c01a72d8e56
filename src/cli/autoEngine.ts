import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { cpus, homedir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { z } from "zod";
import { shortHash } from "../base/hash.js";
import { stream } from "../base/rng.js";
import { print } from "../graph/text.js";
import { build, proxyForm } from "../space/build.js";
import { sample } from "../space/moves.js";
import type { Space } from "../space/space.js";
import type { Dataset } from "../train/dataset.js";
import { type Choice, fasterEngine, tensorFlowVersion } from "../train/fasterEngine.js";
import type { Io } from "./io.js";
import { version } from "./version.js";

const choice = z.strictObject({ engine: z.string(), speeds: z.record(z.string(), z.number()) });
const remembered = z.record(z.string(), choice);

const file = (): string =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "nas", "engines.json");

/**
 * The engine that trains this space's networks fastest on this machine. It is tried
 * once, on a network drawn from the space, and remembered in the user's cache for
 * this processor and these builds.
 */
export async function autoEngine(space: Space, dataset: Dataset, batch: number, io: Io): Promise<string> {
  const tensorFlow = tensorFlowVersion();
  if (tensorFlow === undefined) return "wasm";
  const network = print(build(space, sample(space, stream(0, "engine")), proxyForm(space, dataset)));
  const machine = [cpus()[0]?.model, process.version, version(), tensorFlow];
  const key = shortHash(JSON.stringify([...machine, network, batch]));
  const known = recall();
  const found = known[key] ?? (await tried(network, batch, io));
  if (known[key] === undefined) keep({ ...known, [key]: found });
  const speeds = Object.entries(found.speeds).map(([name, speed]) => `${name} ${speed.toFixed(0)}`);
  io.note(
    `Engine: ${found.engine}, the fastest here on a network of the space (${speeds.join(", ")} images/s).`,
  );
  return found.engine;
}

async function tried(network: string, batch: number, io: Io): Promise<Choice> {
  io.status("Trying the engines");
  const found = await fasterEngine(network, batch);
  io.status("");
  return found;
}

/** What was found before; a cache that cannot be read is as good as none. */
function recall(): z.output<typeof remembered> {
  try {
    return remembered.parse(JSON.parse(readFileSync(file(), "utf8")));
  } catch {
    return {};
  }
}

function keep(choices: z.output<typeof remembered>): void {
  try {
    mkdirSync(dirname(file()), { recursive: true });
    const part = `${file()}.${process.pid}`;
    writeFileSync(part, JSON.stringify(choices, null, 2));
    renameSync(part, file());
  } catch {
    // A folder that cannot be written costs a second at the next search, nothing else.
  }
}
