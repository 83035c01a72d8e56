import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import { isMainThread } from "node:worker_threads";
import { UserError } from "../../base/errors.js";
import { type Attribute, attributeNames, text } from "./attributes.js";
import { prepareTensorFlow } from "./environment.js";

/** What we use of tfjs-node's native module: TensorFlow's eager operators on tensors known by number. */
export interface Binding {
  readonly TF_Version: string;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  /** The array is not copied where it is aligned: it must not change while the tensor lives. */
  createTensor(shape: readonly number[], type: number, values: Float32Array | Int32Array): number;
  deleteTensor(id: number): void;
  /** A copy. */
  tensorDataSync(id: number): Float32Array;
  executeOp(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly number[],
    outputs: number,
  ): readonly { readonly id: number; readonly shape: readonly number[] }[];
}

/** The oldest TensorFlow that our stress test has seen hold in worker threads; so did 2.10 and 2.21. */
const oldestInThreads = [2, 7] as const;

const require = createRequire(import.meta.url);

/**
 * tfjs-node's native module, without tfjs around it: that would make itself the
 * backend of every tfjs model of the thread, ours among them.
 *
 * @throws UserError  when it is not installed or built, does not load, or must not be used in a worker thread
 */
export function loadBinding(): Binding {
  const found = findBinding();
  prepareTensorFlow();
  const binding = loaded(found);
  if (!isMainThread) checkThreads(binding);
  return binding;
}

function checkThreads({ TF_Version }: Binding): void {
  if (!holdsInThreads(TF_Version))
    throw new UserError(
      `TensorFlow ${TF_Version} is not known to hold in worker threads; ${oldestInThreads.join(".")} and newer are`,
      howToGet,
    );
}

/**
 * Make every attribute's name known to the module, in the main thread, before worker threads use it: it keeps them in
 * a set that all threads of the process share without a lock, so that none may write there once there are several.
 *
 * @throws UserError  when this TensorFlow must not be used in worker threads
 */
export function shareWithThreads(binding: Binding): void {
  checkThreads(binding);
  for (const name of attributeNames) binding.executeOp("NoOp", [text(name, "")], [], 0);
}

/** Where another TensorFlow or the first one comes from. */
export const howToGet = "To get it: scripts/tfjs-node-from-wheel (docs/engines.md).";

/** Whether a version is at least the oldest that worker threads may use. */
export function holdsInThreads(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > oldestInThreads[0] || (major === oldestInThreads[0] && minor >= oldestInThreads[1]);
}

function findBinding(): string {
  let manifest: string;
  try {
    manifest = require.resolve("@tensorflow/tfjs-node/package.json");
  } catch {
    throw new UserError("@tensorflow/tfjs-node is not installed", howToGet);
  }
  const { version, binary } = require(manifest) as {
    version: string;
    binary: { module_name: string; napi_versions: readonly number[] };
  };
  const napi = Math.max(...binary.napi_versions.filter((n) => n <= Number(process.versions.napi)));
  const file = path.join(path.dirname(manifest), `lib/napi-v${napi}/${binary.module_name}.node`);
  if (existsSync(file)) return file;
  throw new UserError(`@tensorflow/tfjs-node ${version} is installed without TensorFlow`, howToGet);
}

function loaded(file: string): Binding {
  try {
    return require(file) as Binding;
  } catch (error) {
    const why = String((error as Error).message).split("\n")[0];
    throw new UserError(`@tensorflow/tfjs-node does not load: ${why}`, howToGet);
  }
}
