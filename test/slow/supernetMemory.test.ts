import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { ended, folder } from "../e2e/nas.js";

const bin = fileURLToPath(new URL("../../../bin/nas.js", import.meta.url));

/** Prints the most memory the process held, when it ends. */
const watching =
  "data:text/javascript,process.on('exit',()=>console.error('peak',process.resourceUsage().maxRSS))";

const options: Readonly<Record<string, string>> = {
  spos: "epochs=1,population=2,generations=1",
  fbnet: "epochs=1,warm-up=0",
  proxyless: "epochs=1,warm-up=0",
  "single-path": "epochs=1,warm-up=0",
  sandwich: "epochs=1,population=2,generations=1",
};

const mebibytes: Readonly<Record<string, number>> = { MiB: 1, GiB: 1024 };

for (const [strategy, given] of Object.entries(options))
  test(`${strategy}: a worker on the default space holds less than was stated before the start, and than 2 GiB`, async () => {
    const child = spawn(
      process.execPath,
      [
        ...["--import", watching, bin, "search", "--target", "iphone13-npu", "--max-latency", "1ms"],
        ...["--engine", "wasm", "--images", "320", "--epochs", "1", "--trials", "1", "--workers", "1"],
        ...["--strategy", strategy, "--strategy-options", given, "--run-dir", join(folder, strategy)],
      ],
      { cwd: folder, env: { ...process.env, NO_COLOR: "1" } },
    );
    const { code, err } = await ended(child);
    assert.equal(code, 0, err);
    const peak = Number(/peak (\d+)/.exec(err)![1]) / 1024;
    const [, stated, unit] = /needs about ([\d.]+) (\w+) of memory/.exec(err)!;
    assert.ok(peak < Number(stated) * mebibytes[unit!]!, `${peak} MiB, not ${stated} ${unit}`);
    assert.ok(peak < 2048, `${peak} MiB`);
  });
