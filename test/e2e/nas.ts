import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { seeRun } from "../../src/store/run.js";

const bin = fileURLToPath(new URL("../../../bin/nas.js", import.meta.url));

/** A finished trial, times left out. */
export interface Finished {
  readonly number: number;
  readonly accuracy: number | null;
}

/** A folder of this test file's own, taken away when it ends. */
export const folder: string = mkdtempSync(join(tmpdir(), "nas-e2e-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** What a command line printed and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Start `nas`, in the folder. */
export const start = (...args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [bin, ...args], { cwd: folder, env: { ...process.env, NO_COLOR: "1" } });

/** When a started `nas` has ended. */
export function ended(child: ChildProcess): Promise<Ended> {
  let out = "";
  let err = "";
  child.stdout!.on("data", (chunk) => {
    out += chunk;
  });
  child.stderr!.on("data", (chunk) => {
    err += chunk;
  });
  return new Promise((done) => child.on("close", (code) => done({ code, out, err })));
}

/** Run `nas` to its end. */
export const nas = (...args: readonly string[]): Promise<Ended> => ended(start(...args));

/** A space whose networks train in a fraction of a second. */
export const tinySpace: string = join(folder, "tiny.yaml");
writeFileSync(
  tinySpace,
  `version: 1
name: tiny
resolution: 64
classes: 10
act: relu
stem:
  - { width: 8, kernel: 3, stride: 2 }
stages:
  - name: a
    stride: 2
    depth: [1, 2]
    width: [8, 16]
    blocks:
      - inverted-residual: { kernel: [3, 5], expand: [1, 2, 3], attention: [none, squeeze-excite] }
  - name: b
    stride: 2
    depth: [1, 2]
    width: [16, 24]
    blocks:
      - inverted-residual: { kernel: [3, 5], expand: [2, 3] }
      - fused-inverted-residual: { kernel: 3, expand: [2, 3] }
head: { width: 32, order: conv-pool }
proxy: { dropStrides: 0, width: 1 }
`,
);

const tiny: Readonly<Record<string, string>> = {
  ...{ "--target": "iphone13-npu", "--space": tinySpace, "--max-latency": "10ms", "--seed": "3" },
  ...{ "--trials": "14", "--epochs": "1", "--images": "640" },
};

/** A search of some seconds; options given take the place of its own. */
export const tinySearch = (dir: string, ...more: readonly string[]): readonly string[] => [
  ...["search", "--run-dir", dir],
  ...Object.entries(tiny)
    .filter(([option]) => !more.includes(option))
    .flat(),
  ...more,
];

/** The trials of a run, live or not, but for what time alone decides; none while there is no run. */
export async function ledger(dir: string): Promise<readonly Finished[]> {
  const { trials } = await seeRun(dir).catch(() => ({ trials: [] }));
  return trials.map(({ seconds: _, epochs, ...trial }) => ({
    ...trial,
    epochs: epochs.map(({ seconds: _, ...epoch }) => epoch),
  }));
}

/** When a run has finished this many trials, or the process that drives it has ended. */
export async function finished(dir: string, count: number, end: Promise<unknown>): Promise<void> {
  let over = false;
  end.then(() => {
    over = true;
  });
  while (!over && (await ledger(dir)).length < count) await wait(20);
}
