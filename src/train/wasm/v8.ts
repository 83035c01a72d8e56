import { setFlagsFromString } from "node:v8";

const major = Number(process.versions.node.split(".")[0]);

/** Whether V8 here makes one operation on 256 bits of two equal ones on neighbouring 128, as it is told by `prepareV8`. */
export const revectorizes = major >= 24 && process.arch === "x64";

/**
 * Tell V8, before kernels are compiled, to run relaxed SIMD (below Node 22 it does not by itself) and to join operations of
 * 128 bits to such of 256 where the processor has AVX2 (from Node 24 on it can). Both are of the whole process. Joining
 * changes no bit of a result; it doubles the speed of what fits into 16 registers.
 */
export function prepareV8(): void {
  if (major < 22) setFlagsFromString("--experimental-wasm-relaxed-simd");
  if (revectorizes) setFlagsFromString("--experimental-wasm-revectorize");
}

/** A level of SIMD as engines and doctor name it. */
export const named = (level: string): string => (revectorizes ? `${level}, revectorized` : level);
