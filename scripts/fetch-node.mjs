// After npm ci: where this Node is older than 24, one that is not, as its V8 trains faster (docs/engines.md). Without it nas
// works as well, but slower, so nothing fails here.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { fetchedNode } from "../dist/src/train/newerNode.js";
import { revectorizes } from "../dist/src/train/wasm/v8.js";

const folder = fileURLToPath(new URL("../bin/runtime", import.meta.url));
const run = (program, ...args) =>
  spawnSync(program, args, { cwd: folder, encoding: "utf8", timeout: 300_000 });

const glibc = process.report.getReport().header.glibcVersionRuntime !== undefined;
if (!revectorizes && glibc && process.platform === "linux" && process.arch === "x64") {
  const fetched = run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
  const tried = fetched.status === 0 ? run(fetchedNode(), "--version") : fetched;
  if (tried.status !== 0) {
    rmSync(`${folder}/node_modules`, { recursive: true, force: true });
    console.error(
      `Node 24, with which nas trains faster, could not be had; this one does, too.\n${tried.stderr ?? tried.error}`,
    );
  }
}
