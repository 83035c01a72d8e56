import { half } from "./half.js";

/** Float numbers as a model holds and computes them. */
export type Precision = "float16" | "float32";

const sentinel = 0xdeadbeef;
const typeOf = { float16: 1, float32: 2 } as const;
const alignment = 64;

/** Numbers as little-endian bytes. */
export function bytesOf(data: ArrayLike<number>, precision: Precision): Uint8Array {
  const size = precision === "float16" ? 2 : 4;
  const bytes = new Uint8Array(size * data.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < data.length; i++)
    if (size === 2) view.setUint16(2 * i, half(data[i]!), true);
    else view.setFloat32(4 * i, data[i]!, true);
  return bytes;
}

/**
 * A weight.bin of Core ML, version 2: a header of 64 bytes with the number of blobs, and for each
 * a record of 64 bytes (sentinel, type, bytes, where they start) followed by its numbers, aligned to 64.
 *
 * Source: apple/coremltools, mlmodel/src/MILBlob/Blob/StorageFormat.hpp, BSD-3-Clause.
 */
export interface WeightFile {
  /** Keep numbers; returns the place of their record, by which the model refers to them. */
  add(data: Float32Array): number;
  bytes(): Uint8Array;
}

export function weightFile(precision: Precision): WeightFile {
  const blobs: { readonly at: number; readonly data: Uint8Array }[] = [];
  let end = alignment;
  return {
    add(values) {
      const at = end;
      const data = bytesOf(values, precision);
      blobs.push({ at, data });
      end = Math.ceil((at + alignment + data.length) / alignment) * alignment;
      return at;
    },
    bytes() {
      const file = new Uint8Array(end);
      const view = new DataView(file.buffer);
      view.setUint32(0, blobs.length, true);
      view.setUint32(4, 2, true);
      for (const { at, data } of blobs) {
        view.setUint32(at, sentinel, true);
        view.setUint32(at + 4, typeOf[precision], true);
        view.setBigUint64(at + 8, BigInt(data.length), true);
        view.setBigUint64(at + 16, BigInt(at + alignment), true);
        file.set(data, at + alignment);
      }
      return file;
    },
  };
}
