import { createRequire } from "node:module";
import path from "node:path";
import { type BackendWasm, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { backend, engine, ready, setBackend, type Tensor } from "@tensorflow/tfjs-core";
import { type Address, type Loaded, loadKernels, type SimdLevel, simdLevels } from "./kernels.js";
import {
  fastestTiles,
  type PlaneVectors,
  planeVectorsOf,
  type Tiles,
  timeTiles,
  useTiles,
} from "./microKernels.js";

/** Memory for `count` float32 that lasts as long as the call it is for; what it holds is anything. */
export type Take = (count: number) => Address;

/** The heap of tfjs' wasm backend in this thread, and our kernels at work in it. */
export interface Heap extends Loaded {
  /** The matrix tiles that were fastest when the heap was opened, and are in use. */
  readonly tiles: Tiles;
  /** Of depthwise convolutions. */
  readonly planeVectors: PlaneVectors;
  /** A tfjs tensor of float32; what it holds is anything. */
  tensor(shape: readonly number[]): Tensor;
  address(tensor: Pick<Tensor, "dataId">): Address;
  /** The numbers from an address on; good until the next allocation. */
  floats(at: Address, count: number): Float32Array;
  integers(at: Address, count: number): Int32Array;
  doubles(at: Address, count: number): Float64Array;
  /** Run, and dispose of every tensor made meanwhile that is left. */
  passing<T>(use: () => T): T;
  /** Run with scratch memory, given back afterwards. */
  scratch<T>(use: (take: Take) => T): T;
  /** Bytes of the heap, used or not; it never shrinks. */
  bytes(): number;
}

const opened = new Map<SimdLevel, Promise<Heap>>();

/** The heap of this thread, with kernels of one of `simdLevels`, by default the fastest. */
export function openHeap(level = simdLevels()[0]!): Promise<Heap> {
  const known = opened.get(level) ?? start(level);
  opened.set(level, known);
  return known;
}

/** Emscripten's memory is not in tfjs' types. */
interface Module {
  readonly asm: { readonly memory: WebAssembly.Memory };
  _malloc(bytes: number): number;
  _free(at: number): void;
}

async function start(level: SimdLevel): Promise<Heap> {
  const tfjs = createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm");
  setWasmPaths(`${path.dirname(tfjs)}/`);
  await setBackend("wasm");
  await ready();
  const wasm = backend() as BackendWasm;
  const module = wasm.wasm as unknown as Module;
  const { memory } = module.asm;
  const line = 64;

  const allocated = (at: number): Address => {
    if (at === 0)
      throw new Error(`The wasm heap is full at ${Math.round(memory.buffer.byteLength / 2 ** 20)} MB.`);
    return at >>> 0;
  };

  const loaded = await loadKernels(memory, level);
  loaded.kernels.placeConstants(allocated(module._malloc(loaded.kernels.constantBytes())));

  const scratch: Heap["scratch"] = (use) => {
    const taken: number[] = [];
    try {
      return use((count) => {
        const at = module._malloc(4 * count + line);
        taken.push(at);
        return Math.ceil(allocated(at) / line) * line;
      });
    } finally {
      taken.forEach((at) => {
        module._free(at);
      });
    }
  };

  const { kernels } = loaded;
  const tiles = fastestTiles(() => scratch((take) => timeTiles(kernels, take, 8)));
  useTiles(kernels, tiles);

  return {
    ...loaded,
    tiles,
    planeVectors: planeVectorsOf(tiles),
    tensor(shape) {
      const made = engine().makeTensorFromTensorInfo(wasm.makeOutput([...shape], "float32"));
      allocated(wasm.getMemoryOffset(made.dataId));
      return made;
    },
    address: (tensor) => wasm.getMemoryOffset(tensor.dataId),
    floats: (at, count) => new Float32Array(memory.buffer, at, count),
    integers: (at, count) => new Int32Array(memory.buffer, at, count),
    doubles: (at, count) => new Float64Array(memory.buffer, at, count),
    passing(use) {
      engine().startScope();
      try {
        return use();
      } finally {
        engine().endScope();
      }
    },
    scratch,
    bytes: () => memory.buffer.byteLength,
  };
}
