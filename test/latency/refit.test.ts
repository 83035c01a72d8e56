import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fitTarget, fittings } from "../../scripts/fit-latency.js";
import { iphone13, samplesOf } from "../../scripts/iphoneSamples.js";
import { hubSamples } from "../../scripts/qualcommSamples.js";
import type { Fit, Target } from "../../src/latency/target.js";
import * as targets from "../../src/latency/targets/index.js";

const folder = "../shared/data/latency";
const missing = existsSync(folder) ? false : `no ${folder}`;
const shippedFits: Readonly<Record<string, Target>> = targets;

/** Every number of a value, with its path. */
const numbers = (value: unknown, path = ""): [string, number | string][] =>
  typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => numbers(inner, `${path}.${key}`))
    : [[path, value as number | string]];

for (const [name, fitting] of Object.entries(fittings))
  test(`fitting the measurements again gives the shipped ${name}`, { skip: missing }, () => {
    const { model, validity, error, interval, offsets, rows } = shippedFits[name] as unknown as Fit;
    const shipped = numbers({ model, validity, error, interval, offsets, rows });
    const again = numbers(fitTarget(fitting, readFileSync(`${folder}/${fitting.csv}`, "utf8")));
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
  const [sample, ...others] = samplesOf(`${head}\n${row}\n`, iphone13);
  assert.equal(others.length, 0);
  const { network, family, source, ms } = sample!;
  assert.deepEqual(
    { network, family, source, ms },
    {
      network: "mobilenet_v2_x1_0",
      family: "MobileNetV2",
      source: iphone13.name,
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
  assert.equal(samplesOf([head, row, ...others].join("\n"), iphone13).length, 1);
});

test("a missing column, a latency that is no time and a file without the protocol are refused", () => {
  assert.throws(
    () => samplesOf(`${head.replace("latency_ms", "ms")}\n${row}`, iphone13),
    /no column latency_ms/,
  );
  assert.throws(
    () => samplesOf(`${head}\n${row.replace("0.73", "-1")}`, iphone13),
    /line 2: latency_ms is "-1"/,
  );
  assert.throws(() => samplesOf(head, iphone13), /no row is of iFormer, Table 18/);
});

const hubHead = "model,precision,runtime,device,latency_ms,layers_total,layers_npu,qairt";
const hubRow = "resnet50,float,qnn_dlc,Samsung Galaxy S24,1.598,126,126,2.43.0.260127150333";
const s24 = { device: "Samsung Galaxy S24", precision: "float" };

test("of AI Hub the rows of one phone, precision, release and the NPU alone are read", () => {
  const others = [
    hubRow.replace("S24", "S25"),
    hubRow.replace("float", "w8a8"),
    hubRow.replace("2.43", "2.42"),
    hubRow.replace("126,126", "126,120"),
    hubRow.replace("qnn_dlc", "onnx"),
    hubRow.replace("resnet50", "somenet"),
  ];
  const [sample, ...rest] = hubSamples([hubHead, hubRow, ...others].join("\n"), s24);
  assert.equal(rest.length, 0);
  assert.deepEqual([sample!.network, sample!.ms, sample!.source], ["resnet50", 1.598, "AI Hub, QNN"]);
  assert.throws(() => hubSamples(`${hubHead}\n${others[0]}`, s24), /no row is of Samsung Galaxy S24, float/);
});
