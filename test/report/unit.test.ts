import assert from "node:assert/strict";
import { test } from "node:test";
import { showBytes, showCount, showDuration, showMs, showPercent, showSize } from "../../src/report/unit.js";

test("Counts are shown to three digits with k, M or G", () => {
  assert.deepEqual([0, 9999, 10_000, 3_504_872, 617e6, 5.64e9].map(showCount), [
    "0",
    "9999",
    "10.0 k",
    "3.50 M",
    "617 M",
    "5.64 G",
  ]);
});

test("Bytes are shown in powers of 1024", () => {
  assert.deepEqual([1023, 1024, 1536, 5 * 1024 ** 2, 3 * 1024 ** 3].map(showBytes), [
    "1023 B",
    "1.00 KiB",
    "1.50 KiB",
    "5.00 MiB",
    "3.00 GiB",
  ]);
});

test("Times, shares and large sizes read as a person would write them", () => {
  assert.deepEqual([0.9321, 12.4].map(showMs), ["0.932 ms", "12.4 ms"]);
  assert.equal(showPercent(0.6134), "61.3 %");
  assert.deepEqual([42_000, 185_000, 7_800_000].map(showDuration), ["42 s", "3 min 05 s", "2 h 10 min"]);
  assert.deepEqual([999_999n, 10361846716416000n].map(showSize), ["999999", "1.0e16"]);
});
