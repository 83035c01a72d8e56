// npm test: every compiled test but the slow ones; `npm run test:slow`: those. Words after -- choose files by name.
// Files are listed here because Node 20 takes no patterns and Node 22 no folders.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

const words = process.argv.slice(2);
const slow = words[0] === "slow";
const wanted = slow ? words.slice(1) : words;

const files = readdirSync("dist/test", { recursive: true })
  .filter((file) => file.endsWith(".test.js"))
  .filter((file) => (file.split(path.sep)[0] === "slow") === slow)
  .filter((file) => wanted.length === 0 || wanted.some((word) => file.includes(word)))
  .map((file) => path.join("dist/test", file))
  .sort();

if (files.length === 0) {
  console.error(
    wanted.length > 0
      ? `error: no test file matches ${wanted.join(", ")}`
      : "error: no test file in dist/test; run: npm run build",
  );
  process.exit(1);
}

const { status } = spawnSync(
  process.execPath,
  ["--enable-source-maps", "--test", `--test-concurrency=${os.availableParallelism()}`, ...files],
  { stdio: "inherit" },
);
process.exit(status ?? 1);
