import asc from "assemblyscript/asc";
import { simdLevels } from "../src/train/wasm/kernels.js";
import { revectorizes } from "../src/train/wasm/v8.js";

/**
 * Chains side by side and steps of each in one turn of a loop that stays in registers. V8 orders some better than others;
 * those of 20 fit where it joins two to one of 256 bits.
 */
const shapes = [
  [8, 8],
  [10, 8],
  [10, 16],
  [20, 4],
  [20, 8],
] as const;

/** A loop whose sums never leave their registers, and how many multiply-adds of vectors one call of it does in a loop. */
interface Loop {
  readonly source: string;
  readonly steps: number;
}

const lines = (count: number, write: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => write(i)).join("\n");
const madd = (a: string, b: string, c: string) =>
  simdLevels().includes("relaxed-simd")
    ? `f32x4.relaxed_madd(${a}, ${b}, ${c})`
    : `f32x4.add(${c}, f32x4.mul(${a}, ${b}))`;

const loopOf = (sums: number, before: string, body: string) => `
  export function run(loops: i32, from: f32): f32 {
    ${before}
    ${lines(sums, (i) => `let a${i} = f32x4.splat(from + ${i >> 1}.0);`)}
    while (loops-- > 0) { ${body} }
    ${lines(sums, (i) => `v128.store(32768, a${i}, ${16 * i});`)}
    return f32.load(32768);
  }`;

/** Of numbers in registers. */
const still = ([chains, steps]: readonly [number, number]): Loop => ({
  source: loopOf(
    chains,
    "const x = f32x4.splat(from), y = f32x4.splat(from * 0.5);",
    lines(steps, () => lines(chains, (i) => `a${i} = ${madd("x", "y", `a${i}`)};`)),
  ),
  steps: chains * steps,
});

/** Of numbers in the first level of cache, as a matrix tile has them: three by three vectors a step. */
const loaded: Loop = {
  source: loopOf(
    9,
    "",
    `for (let p: usize = 0; p < 16384; p += 64) {
      ${lines(6, (i) => `const x${i} = v128.load(p, ${16 * i});`)}
      ${lines(9, (i) => `a${i} = ${madd(`x${Math.floor(i / 3)}`, `x${3 + (i % 3)}`, `a${i}`)};`)}
    }`,
  ),
  steps: 9 * 256,
};

/**
 * Most float32 additions and multiplications a second, in billions, that one thread of V8 does here: the fastest turn of
 * the fastest loop.
 */
export async function peakGflops(milliseconds = 500): Promise<number> {
  const loops = [...shapes.map(still), loaded];
  let best = 0;
  for (const loop of loops) best = Math.max(best, await gflops(loop, milliseconds / loops.length));
  return best;
}

/** Loops of multiply-adds in registers that this thread does in a second, one of whose turns is about 0.1 ms. */
export async function multiplyAdds(seconds: number): Promise<number> {
  const { run, loops } = await compiled(still(revectorizes ? [20, 8] : [10, 8]));
  const start = performance.now();
  let turns = 0;
  while (performance.now() - start < 1000 * seconds) {
    run(loops, 0.5);
    turns++;
  }
  return (1000 * turns * loops) / (performance.now() - start);
}

async function compiled({ source, steps }: Loop) {
  const { error, binary, stderr } = await asc.compileString(source, {
    optimizeLevel: 3,
    runtime: "stub",
    initialMemory: 1,
    enable: simdLevels().includes("relaxed-simd") ? ["simd", "relaxed-simd"] : ["simd"],
  });
  if (error !== null || binary === null) throw error ?? new Error(stderr.toString());
  const memory = new WebAssembly.Memory({ initial: 0 });
  const { instance } = await WebAssembly.instantiate(Uint8Array.from(binary), { env: { memory } });
  const { run } = instance.exports as { run(loops: number, from: number): number };
  return { run, loops: Math.ceil(500_000 / steps) };
}

async function gflops(loop: Loop, milliseconds: number): Promise<number> {
  const { run, loops } = await compiled(loop);
  let least = Number.POSITIVE_INFINITY;
  const end = performance.now() + milliseconds;
  while (performance.now() < end) {
    const start = performance.now();
    run(loops, 0.5);
    least = Math.min(least, performance.now() - start);
  }
  return (2 * 4 * loop.steps * loops) / least / 1e6;
}
