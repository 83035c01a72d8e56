import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { ErrorSummary } from "../../src/latency/target.js";
import { iphone13Npu } from "../../src/latency/targets/index.js";

test("docs/latency.md states the errors and half widths of the shipped fit", () => {
  const page = readFileSync("docs/latency.md", "utf8");
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
