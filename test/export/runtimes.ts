import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";

/** An array as it is handed to and from a runtime. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** A model's file and what to run it on. */
export interface RuntimeCase {
  readonly format: "tflite" | "coreml";
  readonly file: string;
  readonly inputs: readonly Numbers[];
}

/** Variable that names a Python with ai-edge-litert, coremltools and torch. */
const variable = "NAS_PEERS_PYTHON";

/** The Python to run models in, or why there is none. */
export function peersPython(): { readonly python: string } | { readonly skip: string } {
  const python = process.env[variable];
  if (python === undefined)
    return { skip: `needs ${variable}: a Python with ai-edge-litert, coremltools and torch` };
  const { status } = spawnSync(python, ["-c", "import ai_edge_litert, coremltools, torch"]);
  return status === 0 ? { python } : { skip: `${variable} has no ai-edge-litert, coremltools and torch` };
}

/** What each model computes, in one process for all. */
export function runModels(
  python: string,
  cases: readonly RuntimeCase[],
): readonly (Numbers | { readonly error: string })[] {
  const file = join(workFolder(), "cases.json");
  writeFileSync(file, JSON.stringify(cases));
  const answer = execFileSync(python, [join("test", "export", "runtimes", "run_models.py"), file], {
    maxBuffer: 1 << 30,
    stdio: ["ignore", "pipe", "ignore"],
  });
  return JSON.parse(answer.toString());
}

let folder: string | undefined;

/** A folder that goes when the tests end. */
export function workFolder(): string {
  if (folder === undefined) {
    const made = mkdtempSync(join(tmpdir(), "nas-runtimes-"));
    after(() => rmSync(made, { recursive: true }));
    folder = made;
  }
  return folder;
}

/** Write the files of a package. */
export function writeFiles(at: string, files: ReadonlyMap<string, Uint8Array>): string {
  for (const [name, bytes] of files) {
    mkdirSync(dirname(join(at, name)), { recursive: true });
    writeFileSync(join(at, name), bytes);
  }
  return at;
}
