import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fitIphone13Npu, protocol, samplesOf } from "../../scripts/fit-latency.js";
import { fit } from "../../src/latency/targets/iphone13Npu.fit.js";

const file = "../shared/data/latency/iphone_npu.csv";
const missing = existsSync(file) ? false : `no ${file}`;

/** Every number of a value, with its path. */
const numbers = (value: unknown, path = ""): [string, number | string][] =>
  typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => numbers(inner, `${path}.${key}`))
    : [[path, value as number | string]];

test("fitting the measurements again gives the shipped file", { skip: missing }, () => {
  const again = numbers(fitIphone13Npu(readFileSync(file, "utf8")));
  const shipped = numbers(fit);
  assert.deepEqual(
    again.map(([path]) => path),
    shipped.map(([path]) => path),
  );
  again.forEach(([path, got], i) => {
    const want = shipped[i]![1];
    if (typeof got === "number" && typeof want === "number")
      assert.ok(
        Math.abs(got - want) <= 1e-6 * Math.abs(want) + 1e-12,
        `${path} is ${got}, shipped as ${want}`,
      );
    else assert.equal(got, want, path);
  });
});

const head = "device,model,input_resolution,latency_ms,source,where_in_source,note";
const row = 'iPhone 13,MobileNetV2 1.0x,224,0.73,"iFormer: Integrating, and more",Table 18,';

test("a row is read with its network, family and source; quotes may hold commas", () => {
  const [sample, ...others] = samplesOf(`${head}\n${row}\n`);
  assert.equal(others.length, 0);
  const { network, family, source, ms } = sample!;
  assert.deepEqual(
    { network, family, source, ms },
    {
      network: "mobilenet_v2_x1_0",
      family: "MobileNetV2",
      source: protocol,
      ms: 0.73,
    },
  );
});

test("rows of other phones, sizes, sources and processors, and failures, are left out", () => {
  const others = [
    row.replace("iPhone 13", "iPhone 12"),
    row.replace("224", "512"),
    row.replace("Table 18", "Table 5"),
    row.replace("MobileNetV2 1.0x", "SomeNet"),
    row.replace("0.73", ""),
    `${row}likely partly CPU/GPU fallback`,
  ];
  assert.equal(samplesOf([head, row, ...others].join("\n")).length, 1);
});

test("a missing column, a latency that is no time and a file without the protocol are refused", () => {
  assert.throws(() => samplesOf(`${head.replace("latency_ms", "ms")}\n${row}`), /no column latency_ms/);
  assert.throws(() => samplesOf(`${head}\n${row.replace("0.73", "-1")}`), /line 2: latency_ms is "-1"/);
  assert.throws(() => samplesOf(head), /no row is of iFormer, Table 18/);
});
