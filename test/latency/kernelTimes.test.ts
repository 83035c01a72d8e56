import assert from "node:assert/strict";
import { test } from "node:test";
import { kernels } from "../../src/graph/fuse.js";
import { input } from "../../src/graph/node.js";
import type { Activation } from "../../src/graph/op.js";
import { signature } from "../../src/graph/signature.js";
import { kernelTimes } from "../../src/latency/kernelTimes.js";
import type { Row } from "../../src/latency/table.js";

const kernel = (channels: number, act: Activation) =>
  kernels(input([channels, 28, 28]).conv(channels, { kernel: 3 }).norm().act(act))[0]!;

/** A device on which GELU takes 20 ms for a million numbers and other activations nothing. */
const msOf = (channels: number, act: Activation) =>
  (9 * channels ** 2 * 28 * 28) / 1e8 + (act === "gelu" ? (20 * channels * 28 * 28) / 1e6 : 0);

const row = (channels: number, act: Activation): Row => ({
  ...({ kind: "kernel", count: 50, spreadMs: 0, drift: 1 } as const),
  key: signature(kernel(channels, act)),
  medianMs: msOf(channels, act),
});

test("A kernel with an activation no row like it has is told from the others and from what the activation takes elsewhere", () => {
  const relu = [16, 32, 48, 64, 96, 128].map((channels) => row(channels, "relu"));
  const elsewhere = [8, 16].map((channels) => {
    const of = (act: Activation) => kernels(input([channels, 28, 28]).conv(channels).norm().act(act))[0]!;
    return (["relu", "gelu"] as const).map((act): Row => {
      const ms = (channels ** 2 * 28 * 28) / 1e8 + (act === "gelu" ? (20 * channels * 28 * 28) / 1e6 : 0);
      return { ...relu[0]!, key: signature(of(act)), medianMs: ms };
    });
  });
  const tell = kernelTimes([...relu, ...elsewhere.flat()]);
  for (const [channels, act] of [
    [64, "gelu"],
    [64, "relu6"],
    [96, "gelu"],
  ] as const) {
    const { ms, known } = tell(kernel(channels, act));
    assert.equal(known, "extrapolated");
    assert.ok(Math.abs(ms / msOf(channels, act) - 1) < 0.02, `${channels} ${act}: ${ms}`);
  }
});
