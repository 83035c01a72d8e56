import { accessSync, constants, existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { UserError } from "../../base/errors.js";
import { kebab } from "../../base/lookup.js";
import { loadSqlite } from "../../store/database.js";
import type { Engine } from "../../train/engine.js";
import * as engines from "../../train/engines/index.js";
import { launchedFrom } from "../../train/newerNode.js";
import { imagesPerSecond } from "../../train/speed.js";
import { simdLevels } from "../../train/wasm/kernels.js";
import { named, revectorizes } from "../../train/wasm/v8.js";
import { defineCommand } from "../command.js";
import { printJson } from "../json.js";
import * as option from "../option.js";
import { probeNetwork } from "../probeNetwork.js";

/** One thing looked at: what was found, and when it is not well what to do. */
interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
  readonly whatToDo?: string;
}

const nameWidth = "engine wasm-strict".length;

export const doctor = defineCommand({
  summary: "look at this machine and say whether nas can work on it",
  examples: ["nas doctor", "nas doctor --json"],
  options: {
    runDir: option.path("runs", "folder the runs are kept in", "dir"),
    json: option.json,
  },
  async run({ runDir, json }, io) {
    io.status("Trying the engines");
    const checks = [
      node(),
      cpu(),
      memory(),
      await disk(runDir),
      writable(runDir),
      await sqlite(),
      await onnxruntime(),
      await kernels(),
      ...(await engineChecks()),
    ];
    io.status("");
    const ok = checks.every((check) => check.ok);
    if (json) printJson(io, { ok, checks });
    else
      for (const { name, ok, found, whatToDo } of checks) {
        io.print(`${ok ? io.style.green("ok  ") : io.style.red("bad ")} ${name.padEnd(nameWidth)} ${found}`);
        if (whatToDo !== undefined) io.print(`     ${"".padEnd(nameWidth)} ${whatToDo}`);
      }
    return ok ? 0 : 1;
  },
});

function node(): Check {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const ok = major > 20 || (major === 20 && minor >= 17);
  return {
    name: "node",
    ok,
    found:
      `${process.version} on ${process.platform} ${process.arch}` +
      (launchedFrom === undefined ? "" : `, fetched as it trains faster than your ${launchedFrom}`),
    ...(ok ? {} : { whatToDo: "Install Node 20.17 or newer." }),
  };
}

const cpu = (): Check => ({
  name: "cpu",
  ok: true,
  found: `${os.cpus()[0]?.model.trim() ?? "unknown"}, ${os.availableParallelism()} cores`,
});

const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;

function memory(): Check {
  const ok = os.freemem() > 2 ** 30;
  return {
    name: "memory",
    ok,
    found: `${gib(os.freemem())} free of ${gib(os.totalmem())}`,
    ...(ok ? {} : { whatToDo: "A worker needs about 1 GiB; close something, or search with --workers 1." }),
  };
}

/** The folder itself or, while it does not exist, the nearest one above. */
function nearest(folder: string): string {
  const full = path.resolve(folder);
  return existsSync(full) || path.dirname(full) === full ? full : nearest(path.dirname(full));
}

async function disk(runDir: string): Promise<Check> {
  const { bavail, bsize } = await statfs(nearest(runDir));
  const ok = bavail * bsize > 2 ** 28;
  return {
    name: "disk",
    ok,
    found: `${gib(bavail * bsize)} free at ${runDir}`,
    ...(ok ? {} : { whatToDo: "Free at least 256 MiB, or name another folder with --run-dir." }),
  };
}

function writable(runDir: string): Check {
  try {
    accessSync(nearest(runDir), constants.W_OK);
    return { name: "run folder", ok: true, found: `${runDir} can be written` };
  } catch {
    return {
      name: "run folder",
      ok: false,
      found: `${runDir} cannot be written`,
      whatToDo: "Name another folder with --run-dir.",
    };
  }
}

async function sqlite(): Promise<Check> {
  try {
    return { name: "sqlite3", ok: true, found: `SQLite ${(await loadSqlite()).VERSION}` };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { name: "sqlite3", ok: false, found: error.message, whatToDo: error.whatToDo };
  }
}

async function onnxruntime(): Promise<Check> {
  try {
    const { env } = await import("onnxruntime-node");
    return {
      name: "onnxruntime",
      ok: true,
      found: `ONNX Runtime ${env.versions.node ?? env.versions.common}`,
    };
  } catch (error) {
    return {
      name: "onnxruntime",
      ok: false,
      found: firstLine(error),
      whatToDo: "Needed by nas export --format onnx only. Run: npm rebuild onnxruntime-node",
    };
  }
}

/** Each engine: whether it starts, and how fast it trains a small network. One that needs what is not installed is no fault. */
async function engineChecks(): Promise<Check[]> {
  const checks: Check[] = [];
  for (const [key, engine] of Object.entries<Engine>(engines)) {
    const name = `engine ${kebab(key)}`;
    try {
      const speed = await imagesPerSecond(engine, probeNetwork(), { batch: 32, seconds: 0.5 });
      checks.push({
        name,
        ok: true,
        found: `${engine.build()}: ${Math.round(speed)} images/s on the probe network`,
      });
    } catch (error) {
      const optional = error instanceof UserError;
      checks.push({
        name,
        ok: optional,
        found: optional ? `not here, and not needed: ${error.message}` : firstLine(error),
        whatToDo: optional ? error.whatToDo : "Search with another --engine.",
      });
    }
  }
  return checks;
}

/** What decides how fast our own kernels are. */
async function kernels(): Promise<Check> {
  const { gemmProbe } = await import("../../train/wasm/gemmProbe.js");
  const [fastest] = [...(await gemmProbe())].sort((a, b) => b.gflops - a.gflops);
  return {
    name: "kernels",
    ok: true,
    found: `${named(simdLevels()[0]!)}; matrix product ${fastest!.gflops.toFixed(1)} GFLOPS on one core, tiles of ${fastest!.shape}`,
    ...(revectorizes || process.arch !== "x64"
      ? {}
      : {
          whatToDo:
            "With Node 24 or newer they use 256 bits where the processor has AVX2, and train faster (docs/engines.md).",
        }),
  };
}

const firstLine = (error: unknown): string => String((error as Error).message).split("\n")[0]!;
