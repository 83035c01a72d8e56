import { createRequire } from "node:module";
import path from "node:path";
import { type BackendWasm, setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { backend, ready, setBackend, type TensorInfo } from "@tensorflow/tfjs-core";
import { sizeOf } from "../../graph/weights.js";
import { type Address, type Loaded, loadKernels, type SimdLevel, simdLevels } from "./kernels.js";
import {
  fastestTiles,
  type PlaneVectors,
  planeVectorsOf,
  type Tiles,
  timeTiles,
  useTiles,
} from "./microKernels.js";

/** Bytes of a line of the cache. */
export const cacheLine = 64;

/** Memory for `count` float32 that lasts as long as the call it is for; what it holds is anything. */
export type Take = (count: number) => Address;

/** Float32 in the heap, on its own: tfjs does not know of it, whose account of a tensor costs as much as a small kernel. */
export interface Tensor {
  readonly at: Address;
  readonly shape: readonly number[];
  readonly size: number;
  /** Give the memory back, if it was not. */
  dispose(): void;
}

/** The heap of tfjs' wasm backend in this thread, and our kernels at work in it. */
export interface Heap extends Loaded {
  /** The matrix tiles that were fastest when the heap was opened, and are in use. */
  readonly tiles: Tiles;
  /** Of depthwise convolutions. */
  readonly planeVectors: PlaneVectors;
  /** A tensor; what it holds is anything. */
  tensor(shape: readonly number[]): Tensor;
  /** How many tensors there are but for those of a `passing` that has not ended. */
  tensors(): number;
  /** Where a tensor of tfjs' lies. */
  address(tensor: Pick<TensorInfo, "dataId">): Address;
  /** The numbers from an address on; good until the next allocation. */
  floats(at: Address, count: number): Float32Array;
  integers(at: Address, count: number): Int32Array;
  doubles(at: Address, count: number): Float64Array;
  /** Fill with 0. */
  clear(at: Address, count: number): void;
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

  const allocated = (at: number): Address => {
    if (at === 0)
      throw new Error(`The wasm heap is full at ${Math.round(memory.buffer.byteLength / 2 ** 20)} MB.`);
    return at >>> 0;
  };

  const loaded = await loadKernels(memory, level);
  loaded.kernels.placeConstants(allocated(module._malloc(loaded.kernels.constantBytes())));

  /** Room for so many float32, and where they begin in it: at a line of the cache, as vectors over two lines are slow. */
  const room = (count: number) => {
    const from = allocated(module._malloc(4 * count + cacheLine));
    return { from, at: Math.ceil(from / cacheLine) * cacheLine };
  };

  const scratch: Heap["scratch"] = (use) => {
    const taken: number[] = [];
    try {
      return use((count) => {
        const { from, at } = room(count);
        taken.push(from);
        return at;
      });
    } finally {
      taken.forEach((from) => {
        module._free(from);
      });
    }
  };

  /** All of the heap: where little is written, to make a view of it would take longest. */
  let all = new Float32Array(memory.buffer);

  const lasting = new Set<Tensor>();
  let open = lasting;

  const { kernels } = loaded;
  const tiles = fastestTiles(() => scratch((take) => timeTiles(kernels, take, 8)));
  useTiles(kernels, tiles);

  return {
    ...loaded,
    tiles,
    planeVectors: planeVectorsOf(tiles),
    tensor(shape) {
      const size = sizeOf(shape);
      const { from, at } = room(size);
      const among = open;
      const made: Tensor = {
        at,
        shape,
        size,
        dispose() {
          if (among.delete(made)) module._free(from);
        },
      };
      among.add(made);
      return made;
    },
    tensors: () => lasting.size,
    address: (tensor) => wasm.getMemoryOffset(tensor.dataId),
    floats: (at, count) => new Float32Array(memory.buffer, at, count),
    integers: (at, count) => new Int32Array(memory.buffer, at, count),
    doubles: (at, count) => new Float64Array(memory.buffer, at, count),
    clear(at, count) {
      if (all.buffer !== memory.buffer) all = new Float32Array(memory.buffer);
      all.fill(0, at / 4, at / 4 + count);
    },
    passing(use) {
      const outer = open;
      const made = new Set<Tensor>();
      open = made;
      try {
        return use();
      } finally {
        open = outer;
        for (const tensor of made) tensor.dispose();
      }
    },
    scratch,
    bytes: () => memory.buffer.byteLength,
  };
}
