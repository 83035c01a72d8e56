// npm run bench: every compiled benchmark, one after the other. Words after -- choose files by name.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

const wanted = process.argv.slice(2);
const files = (existsSync("dist/bench") ? readdirSync("dist/bench") : [])
  .filter((file) => file.endsWith(".bench.js"))
  .filter((file) => wanted.length === 0 || wanted.some((word) => file.includes(word)))
  .sort();

if (files.length === 0) {
  console.error("error: no benchmark in dist/bench matches; run: npm run build");
  process.exit(1);
}
for (const file of files) {
  const { status } = spawnSync(process.execPath, [path.join("dist/bench", file)], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
