// After npm ci: where this Node is older than 24, one that is not, as its V8 trains faster (docs/engines.md). Without it nas
// works as well, but slower, so nothing fails here.
import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";

const older = Number(process.versions.node.split(".")[0]) < 24;
const glibc = process.report.getReport().header.glibcVersionRuntime !== undefined;
if (older && glibc && process.platform === "linux" && process.arch === "x64") {
  const { status, stderr } = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: fileURLToPath(new URL("../bin/runtime", import.meta.url)),
    encoding: "utf8",
    timeout: 300_000,
  });
  if (status !== 0)
    console.error(
      `Node 24, with which nas trains faster, could not be had; this one does, too.\n${stderr ?? ""}`,
    );
}
