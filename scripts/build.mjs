// npm run build: compile src, test, bench and scripts into dist, emptied first, then the kernels.
import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

const run = (script, ...args) => {
  const { status } = spawnSync(process.execPath, [script, ...args], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
};

rmSync("dist", { recursive: true, force: true });
run("node_modules/typescript/bin/tsc", "--project", ".");
if (existsSync("scripts/build-kernels.mjs")) run("scripts/build-kernels.mjs");
