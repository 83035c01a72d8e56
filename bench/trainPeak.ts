import asc from "assemblyscript/asc";
import { simdLevels } from "../src/train/wasm/kernels.js";

/** Chains side by side, and steps of each in one turn of the loop: V8 orders some better than others. */
const shapes = [
  [8, 8],
  [9, 8],
  [9, 16],
  [10, 8],
  [10, 16],
] as const;

/** Chains of multiply-adds that never leave their registers and never wait for one another. */
function source(chains: number, steps: number, relaxed: boolean): string {
  const each = (write: (i: number) => string) =>
    Array.from({ length: chains }, (_, i) => write(i)).join("\n");
  const step = (i: number) =>
    relaxed ? `a${i} = f32x4.relaxed_madd(x, y, a${i});` : `a${i} = f32x4.add(f32x4.mul(a${i}, x), y);`;
  return `export function run(loops: i32, from: f32): f32 {
    const x = f32x4.splat(from), y = f32x4.splat(from * 0.5);
    ${each((i) => `let a${i} = f32x4.splat(from + ${i}.0);`)}
    while (loops-- > 0) { ${Array.from({ length: steps }, () => each(step)).join("\n")} }
    let sum = a0;
    ${each((i) => `sum = f32x4.add(sum, a${i});`)}
    return f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1);
  }`;
}

/**
 * Most float32 additions and multiplications a second, in billions, that one thread of V8 does here on vectors of 128
 * bits: the fastest turn of the fastest loop.
 */
export async function peakGflops(milliseconds = 500): Promise<number> {
  const each = milliseconds / shapes.length;
  let best = 0;
  for (const [chains, steps] of shapes) best = Math.max(best, await gflops(chains, steps, each));
  return best;
}

async function gflops(chains: number, steps: number, milliseconds: number): Promise<number> {
  const relaxed = simdLevels().includes("relaxed-simd");
  const { error, binary, stderr } = await asc.compileString(source(chains, steps, relaxed), {
    optimizeLevel: 3,
    runtime: "stub",
    enable: relaxed ? ["simd", "relaxed-simd"] : ["simd"],
  });
  if (error !== null || binary === null) throw error ?? new Error(stderr.toString());
  const memory = new WebAssembly.Memory({ initial: 0 });
  const { instance } = await WebAssembly.instantiate(Uint8Array.from(binary), { env: { memory } });
  const { run } = instance.exports as { run(loops: number, from: number): number };
  const loops = 10_000;
  let least = Number.POSITIVE_INFINITY;
  const end = performance.now() + milliseconds;
  while (performance.now() < end) {
    const start = performance.now();
    run(loops, 0.5);
    least = Math.min(least, performance.now() - start);
  }
  return (2 * 4 * chains * steps * loops) / least / 1e6;
}
