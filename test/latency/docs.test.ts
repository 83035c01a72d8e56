import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { kebab } from "../../src/base/lookup.js";
import type { ErrorSummary, Target } from "../../src/latency/target.js";
import * as targets from "../../src/latency/targets/index.js";

test("docs/latency.md states the errors and half widths of iphone12-npu", () => {
  const page = readFileSync("docs/latency.md", "utf8");
  const { error, interval } = targets.iphone12Npu;
  const { families: _, ...errors } = error;
  for (const { n, rmsLog, mape } of Object.values(errors)) {
    const cells = `| ${n} | ${rmsLog.toFixed(3)} | ${(100 * mape).toFixed(1)} % |`;
    assert.ok(page.includes(cells), cells);
  }
  for (const width of [interval.halfWidth, interval.halfWidthOutside])
    assert.ok(page.includes(`w = ${width.toFixed(3)}`), `${width}`);
});

test("docs/latency.md states the errors and half widths of the shipped fit", () => {
  const page = readFileSync("docs/latency.md", "utf8");
  const { iphone13Npu } = targets;
  const { families, ...errors } = iphone13Npu.error;
  const cells = ({ n, rmsLog, mape }: ErrorSummary) =>
    `| ${n} | ${rmsLog.toFixed(3)} | ${(100 * mape).toFixed(1)} % |`;
  for (const [name, error] of Object.entries(errors))
    assert.ok(page.includes(cells(error)), `${name} ${cells(error)}`);
  for (const { family, ...error } of families)
    assert.ok(page.includes(`| ${family} ${cells(error)}`), `${family} ${cells(error)}`);
  const { halfWidth, halfWidthOutside } = iphone13Npu.interval;
  for (const width of [halfWidth, halfWidthOutside])
    assert.ok(page.includes(`w = ${width.toFixed(3)}`), `${width}`);
});

test("docs/latency.md states the errors and intervals of the block tables", () => {
  const page = readFileSync("docs/latency.md", "utf8");
  for (const [name, { kind, error, interval }] of Object.entries<Target>(targets)) {
    if (kind !== "blocks") continue;
    const { n, rmsLog, mape } = error.networkOut;
    const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
    const line = `| \`${kebab(name)}\` | ${n} | ${rmsLog.toFixed(3)} | ${percent(mape)} | ${percent(error.baseline.mape)} | ±${percent(interval.halfWidth)} |`;
    assert.ok(page.includes(line), line);
  }
});

test("docs/latency.md states the errors of the galaxy targets", () => {
  const page = readFileSync("docs/latency.md", "utf8");
  for (const [name, target] of Object.entries<Target>(targets)) {
    if (target.kind !== "kernels" || !name.startsWith("galaxy")) continue;
    const { inSample, networkOut, familyOut, baseline } = target.error;
    const errors = [inSample, networkOut, familyOut, baseline].map((e) => e.rmsLog.toFixed(3)).join(" | ");
    const line = `| \`${kebab(name)}\` | ${networkOut.n} | ${errors} | ±${target.interval.halfWidth.toFixed(3)} |`;
    assert.ok(page.includes(line), line);
  }
});
