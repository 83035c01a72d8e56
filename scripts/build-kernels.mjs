// Compiles the training kernels: node scripts/build-kernels.mjs [output folder, default dist]
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import { tiles } from "../src/train/kernels/tiles.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const sources = path.join(root, "src/train/kernels");
const output = path.resolve(root, process.argv[2] ?? "dist", "src/train/kernels");

/** Sources by name; those that a program writes shadow the files. */
const written = new Map([["tiles.ts", tiles()]]);

async function compile(name, flags) {
  const { error, stderr } = await asc.main(
    [
      "index.ts",
      ...["--outFile", name, "--runtime", "stub", "--importMemory", "--noExportMemory", "--noAssert", "--use", "abort="],
      ...["-O3", "--enable", "simd", ...flags],
    ],
    {
      readFile: (file) =>
        written.get(file) ?? readFile(path.join(sources, file), "utf8").catch(() => null),
      writeFile: (file, bytes) => writeFile(path.join(output, file), bytes),
      listFiles: () => [],
    },
  );
  if (error !== null) {
    process.stderr.write(stderr.toString());
    throw error;
  }
}

await mkdir(output, { recursive: true });
await compile("training.wasm", []);
await compile("training-relaxed.wasm", ["--enable", "relaxed-simd"]);
