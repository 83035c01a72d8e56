// Compiles the training kernels: node scripts/build-kernels.mjs [output folder, default dist]
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import { depthwiseRows } from "../src/train/kernels/depthwiseRows.mjs";
import { tiles } from "../src/train/kernels/tiles.mjs";
import { winograd } from "../src/train/kernels/winograd.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const sources = path.join(root, "src/train/kernels");
const output = path.resolve(root, process.argv[2] ?? "dist", "src/train/kernels");

/** Each activation has its copy of `activated.ts`, whose kernels' names end in the activation's. */
const activations = ["clamp", "hardSwish", "hardSigmoid", "gelu", "silu", "sigmoid"];
const activated = await readFile(path.join(sources, "activated.ts"), "utf8");
const kernels = [...activated.matchAll(/^export function (\w+)/gm)].map(([, name]) => name);

/** Sources that programs write, by name. */
const written = new Map([
  ["depthwiseRows.ts", depthwiseRows()],
  ["tiles.ts", tiles()],
  ["winograd.ts", winograd()],
  ...activations.map((act) => [
    `activated-${act}.ts`,
    activated.replace("activation/clamp", `activation/${act}`),
  ]),
  [
    "activations.ts",
    activations
      .map(
        (act) =>
          `export { ${kernels.map((k) => `${k} as ${k}_${act}`).join(", ")} } from "./activated-${act}";`,
      )
      .join("\n"),
  ],
]);

async function compile(name, flags) {
  const { error, stderr } = await asc.main(
    [
      "index.ts",
      ...[
        "--outFile",
        name,
        "--runtime",
        "stub",
        "--importMemory",
        "--noExportMemory",
        "--noAssert",
        "--use",
        "abort=",
      ],
      ...["-O3", "--enable", "simd", ...flags],
    ],
    {
      readFile: (file) => written.get(file) ?? readFile(path.join(sources, file), "utf8").catch(() => null),
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
