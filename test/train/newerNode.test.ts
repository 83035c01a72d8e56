import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { fetchedNode } from "../../src/train/newerNode.js";
import { revectorizes } from "../../src/train/wasm/v8.js";

const skip = revectorizes
  ? "this Node is not older"
  : existsSync(fetchedNode())
    ? false
    : "no newer Node was fetched";

const folder = mkdtempSync(join(tmpdir(), "nas-newer-"));
after(() => rmSync(folder, { recursive: true }));

/** Tells how it runs, then ends as its first argument says. */
const script = join(folder, "script.mjs");
writeFileSync(
  script,
  `import { fileURLToPath } from "node:url";
import { launchedFrom, onNewerNode } from ${JSON.stringify(new URL("../../src/train/newerNode.js", import.meta.url).href)};
const [end, node] = process.argv.slice(2);
if (!(await onNewerNode(fileURLToPath(import.meta.url), node))) {
  if (end === "stop") {
    const timer = setInterval(() => {}, 1000);
    process.once("SIGINT", () => { process.exitCode = 5; clearInterval(timer); });
  }
  console.log(JSON.stringify({ pid: process.pid, major: Number(process.versions.node.split(".")[0]), launchedFrom, end }));
  if (end === "signal") process.kill(process.pid, "SIGTERM");
  if (end === "wait") setInterval(() => {}, 1000);
  if (end === "fail") process.exitCode = 7;
}
`,
);

interface Told {
  readonly pid: number;
  readonly major: number;
  readonly launchedFrom?: string;
  readonly end?: string;
}

const start = (argv: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess =>
  spawn(process.execPath, [script, ...argv], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...env },
  });
const told = async (child: ChildProcess): Promise<Told> => {
  const [line] = await once(createInterface(child.stdout!), "line");
  return JSON.parse(line);
};
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test("A script runs on the newer Node, with its arguments and its exit code", { skip }, async () => {
  const child = start(["fail"]);
  const exit = once(child, "exit");
  const { major, launchedFrom, end } = await told(child);
  assert.deepEqual([major >= 24, launchedFrom, end], [true, process.version, "fail"]);
  assert.deepEqual(await exit, [7, null]);
});

test("What ends the script by a signal ends the launcher by it", { skip }, async () => {
  assert.deepEqual(await once(start(["signal"]), "exit"), [null, "SIGTERM"]);
});

test("Ctrl-C and SIGTERM are passed on, and the script decides what they do", { skip }, async () => {
  const stopped = start(["stop"]);
  await told(stopped);
  stopped.kill("SIGINT");
  assert.deepEqual(await once(stopped, "exit"), [5, null]);

  const ended = start(["wait"]);
  await told(ended);
  ended.kill("SIGTERM");
  assert.deepEqual(await once(ended, "exit"), [null, "SIGTERM"]);
});

test("The script does not outlive a launcher that is killed", { skip }, async () => {
  const child = start(["wait"]);
  const { pid } = await told(child);
  assert.notEqual(pid, child.pid);
  child.kill("SIGKILL");
  await once(child, "exit");
  for (let i = 0; i < 250 && isAlive(pid); i++) await wait(20);
  const outlived = isAlive(pid);
  if (outlived) process.kill(pid);
  assert.ok(!outlived, "alive 5 s later");
});

test("Another's launcher in the environment is not believed", { skip }, async () => {
  const { launchedFrom } = await told(start(["go"], { NAS_LAUNCHER: "1 v18.0.0" }));
  assert.equal(launchedFrom, process.version);
});

test("Where there is no newer Node, or one that cannot start, this one runs the script", async () => {
  const broken = join(folder, "broken");
  writeFileSync(broken, "#!/nowhere/at/all\n", { mode: 0o755 });
  for (const node of [join(folder, "missing"), broken]) {
    const child = start(["fail", node]);
    const exit = once(child, "exit");
    const { pid, launchedFrom } = await told(child);
    assert.deepEqual([pid, launchedFrom], [child.pid, undefined]);
    assert.deepEqual(await exit, [7, null]);
  }
});

test("A Node that is new enough launches none", {
  skip: revectorizes ? false : "this Node is older",
}, async () => {
  const child = start(["go", process.execPath]);
  assert.equal((await told(child)).pid, child.pid);
});
