import assert from "node:assert/strict";
import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { UserError } from "../../src/base/errors.js";
import {
  formatTable,
  type LatencyTable,
  parseTable,
  readTable,
  writeTable,
} from "../../src/latency/table.js";

const row = (key: string, medianMs: number) =>
  ({ kind: "kernel", key, count: 9, medianMs, spreadMs: 0.01, drift: 1 }) as const;

const table: LatencyTable = {
  format: "nas-latency-table",
  version: 1,
  unit: "ms",
  target: "my-board",
  title: "My board",
  device: "board",
  soc: "chip",
  os: "Linux 6",
  runtime: "runtime 1.2",
  dtype: "float32",
  threads: 1,
  protocol: "median of 9",
  source: "measured",
  measuredAt: "2026-11-21T08:00:00Z",
  conditions: { governor: "performance" },
  rows: [row("a", 0.5), row("b", 1.5)],
  model: null,
};

const refusal = (text: string) => {
  try {
    parseTable(text, "t.json");
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    assert.equal(error.exitCode, 2);
    return `${error.message} | ${error.whatToDo}`;
  }
  return assert.fail("it was accepted");
};

const changed = (change: (form: Record<string, unknown> & { rows: Record<string, unknown>[] }) => void) => {
  const form = JSON.parse(formatTable(table));
  change(form);
  return formatTable(form);
};

test("A table reads back as it was written, from a file that is whole or not there", async () => {
  const dir = mkdtempSync(join(tmpdir(), "nas-table-"));
  const file = join(dir, "t.json");
  await writeTable(file, table);
  assert.deepEqual(readTable(file), table);
  assert.deepEqual(readdirSync(dir), ["t.json"]);
  assert.deepEqual(parseTable(JSON.stringify(table), "t"), table);
});

test("A table without unit, or with another one, is refused before anything else is said", () => {
  const none = changed((form) => {
    delete form.unit;
    form.rows[0]!.medianMs = -1;
  });
  assert.match(refusal(none), /t\.json: unit is missing \| It must be "ms"/);
  assert.match(
    refusal(changed((form) => (form.unit = "us"))),
    /^t\.json, line 4: unit is "us" \| It must be "ms"/,
  );
});

test("Times that are 0, negative or no numbers are refused with row, line and field", () => {
  for (const wrong of [0, -1, null, "3", Number.NaN])
    assert.match(
      refusal(changed((form) => (form.rows[1]!.medianMs = wrong))),
      /t\.json, line 22: rows\[1\]: medianMs is .* \| It must be/,
    );
  assert.match(refusal(formatTable(table).replace("1.5", "NaN")), /not JSON/);
});

test("A key given twice is refused, and so are another version and an unknown field", () => {
  assert.match(
    refusal(changed((form) => (form.rows[1]!.key = "a"))),
    /rows\[1\] has the key of rows\[0\], kernel a/,
  );
  assert.match(refusal(changed((form) => (form.version = 2))), /line 3: version is 2 \| It must be 1/);
  assert.match(refusal(changed((form) => (form.rows[0]!.mediamMs = 1))), /unknown key mediamMs/);
  assert.match(refusal(changed((form) => (form.rows = []))), /rows is \[\]/);
});

test("A file cut short is refused wherever it ends", () => {
  const text = formatTable(table);
  for (let end = 0; end < text.trimEnd().length; end += 7)
    assert.match(refusal(text.slice(0, end)), /not JSON/);
});
