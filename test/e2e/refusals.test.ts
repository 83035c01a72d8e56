import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { folder, nas, tinySearch } from "./nas.js";

const dir = join(folder, "never");

/** A search that must be refused: exit code, what is said, nothing written. */
const refusals: readonly [string, readonly string[], number, RegExp][] = [
  [
    "an unknown target",
    ["search", "--target", "iphone13-npx"],
    2,
    /unknown target "iphone13-npx"[\s\S]*Did you mean iphone13-npu\?/,
  ],
  ["no target", ["search"], 2, /--target/],
  [
    "an unknown space",
    tinySearch(dir, "--space", "rapidnte"),
    2,
    /unknown space "rapidnte"[\s\S]*Did you mean rapidnet\?/,
  ],
  [
    "an unknown strategy",
    tinySearch(dir, "--strategy", "agng"),
    2,
    /unknown strategy "agng"[\s\S]*Did you mean aging\?/,
  ],
  [
    "an unknown flag",
    tinySearch(dir, "--max-latncy", "1ms"),
    2,
    /unknown flag "--max-latncy"[\s\S]*Did you mean --max-latency\?/,
  ],
  ["a limit of 0", tinySearch(dir, "--max-latency", "0"), 2, /--max-latency is "0"[\s\S]*above 0/],
  ["a limit without its unit", tinySearch(dir, "--max-latency", "1"), 2, /unit: 1ms/],
  ["no trials", tinySearch(dir, "--trials", "0"), 2, /--trials is "0"/],
  [
    "an option the strategy cannot use",
    tinySearch(dir, "--strategy", "aging", "--strategy-options", "population=0"),
    2,
    /population is 0/,
  ],
  [
    "an option the strategy does not have",
    tinySearch(dir, "--strategy", "aging", "--strategy-options", "popluation=5"),
    2,
    /popluation[\s\S]*Did you mean population\?/,
  ],
  [
    "a limit no network meets",
    tinySearch(dir, "--max-latency", "1us"),
    3,
    /no network of space tiny is within 0\.001 ms[\s\S]*fastest found takes/,
  ],
  [
    "a data folder that is not there",
    tinySearch(dir, "--data", "nowhere"),
    5,
    /data folder nowhere does not exist/,
  ],
  [
    "a space file that is not there",
    tinySearch(dir, "--space", "./none.yaml"),
    2,
    /cannot read the space \.\/none\.yaml/,
  ],
];
for (const [what, args, code, message] of refusals)
  test(`${what} is refused with exit code ${code}, one clear message, and nothing written`, async () => {
    const end = await nas(...args);
    assert.equal(end.code, code, end.err);
    assert.match(end.err, message);
    assert.doesNotMatch(end.err, /\n\s+at /, "no stack trace");
    assert.equal(end.out, "");
    assert.equal(existsSync(dir), false);
    assert.equal(existsSync(join(folder, "runs")), false);
  });

test("a space whose strides do not divide the data's images is refused before anything is written", async () => {
  const file = join(folder, "deep.yaml");
  const stages = Array.from(
    { length: 5 },
    (_, i) => `{ name: s${i}, stride: 2, depth: 1, width: 8, blocks: [{ convolution: null }] }`,
  );
  writeFileSync(
    file,
    `{ version: 1, name: deep, resolution: 64, classes: 10, act: relu, stem: [{ width: 8, kernel: 3, stride: 2 }],
       stages: [${stages.join(", ")}], head: { width: 16, order: conv-pool }, proxy: { dropStrides: 0, width: 1 } }`,
  );
  const end = await nas(...tinySearch(dir, "--space", file));
  assert.equal(end.code, 2, end.err);
  assert.match(end.err, /strides of space deep do not divide its input: 32 pixels, total stride 64/);
  assert.equal(existsSync(dir), false);
});
