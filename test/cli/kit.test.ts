import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { forms } from "../../scripts/json-forms.js";
import { standIn } from "../../scripts/stand-in-phone.js";
import { exitCodeOf } from "../../src/cli/main.js";
import { readManifest } from "../../src/latency/kitFiles.js";
import { readTable } from "../../src/latency/table.js";
import { loadSpace } from "../../src/space/load.js";
import { memoryIo } from "./io.js";

const project = resolve(".");
const root = mkdtempSync(join(tmpdir(), "nas-kit-"));
after(() => rmSync(root, { recursive: true, force: true }));
process.env.XDG_DATA_HOME = join(root, "data");

const space = join(root, "tiny.yaml");
writeFileSync(
  space,
  `version: 1
name: tiny-kit
title: a few small networks
resolution: 32
classes: 10
act: relu
stem: [{ width: 8, kernel: 3, stride: 2 }]
stages:
  - { name: stage1, stride: 2, depth: [1, 2], width: [16, 24], blocks: [{ inverted-residual: { kernel: [3, 5], expand: [2, 4] } }] }
  - { name: stage2, stride: 1, depth: [1], width: [24], blocks: [{ inverted-residual: { kernel: [3], expand: [4], attention: [none, squeeze-excite] } }] }
head: { width: 64, order: conv-pool }
proxy: { dropStrides: 0, width: 1 }
`,
);

/** How a command line ended and what it printed. */
async function nas(...argv: readonly string[]) {
  const { io, out, err } = memoryIo();
  return { code: await exitCodeOf(argv, io), out: out.join("\n"), err: err.join("\n") };
}

const kitOf = (format: string) => join(root, `kit-${format}`);

for (const format of ["coreml", "tflite", "onnx"] as const) {
  const target = `my-${format}`;
  const kit = kitOf(format);

  test(`a kit for ${format} goes through a stand-in for the phone, import, validate and search without a hand edit`, async () => {
    const made = await nas(
      "latency",
      "kit",
      ...["--target", target, "--format", format, "--space", space],
      ...["--out", kit, "--json"],
    );
    assert.equal(made.code, 0, made.err);
    const { kernels, blocks, networks } = forms["latency-kit"].parse(JSON.parse(made.out));
    const manifest = readManifest(readFileSync(join(kit, "manifest.json"), "utf8"), "manifest.json");
    assert.equal(manifest.models.length, 1 + kernels + blocks + networks);
    for (const { file } of manifest.models) assert.ok(existsSync(join(kit, file)), file);

    const results =
      format === "onnx"
        ? execFileSync(process.execPath, [join(kit, "measure.mjs"), "20"], {
            cwd: project,
            stdio: ["ignore", "pipe", "ignore"],
          })
            .toString()
            .trim()
        : await standIn(kit, loadSpace(space), 20);
    const imported = await nas("latency", "import", results, "--space", space, "--json");
    assert.equal(imported.code, 0, imported.err);
    const found = forms["latency-import"].parse(JSON.parse(imported.out));
    assert.deepEqual(found.rows, { kernels, blocks, networks });
    assert.equal(found.target, target);
    assert.ok(found.error !== null && found.error.n === networks && found.error.mape < 1);

    const validated = await nas("latency", "validate", "--target", target, "--json");
    assert.equal(validated.code, 0, validated.err);
    assert.equal(forms["latency-validate"].parse(JSON.parse(validated.out)).networks, networks);

    const small = ["--trials", "1", "--epochs", "1", "--images", "32", "--max-latency", "50ms"];
    process.chdir(root);
    const searched = await nas("search", "--target", target, "--space", space, ...small, "--json").finally(
      () => process.chdir(project),
    );
    assert.equal(searched.code, 0, searched.err);
    const { winner } = forms.search.parse(JSON.parse(searched.out));
    assert.ok(winner !== null && winner.latencyMs > 0 && winner.latencyMs < 50);
  });
}

test("a kit is not written into a folder that has something in it", async () => {
  const { code, err } = await nas(
    "latency",
    "kit",
    ...["--target", "x", "--format", "onnx", "--space", space, "--out", root],
  );
  assert.equal(code, 2);
  assert.match(err, /is not empty/);
});

test("equal kits have equal hashes, and a kit of another target another", async () => {
  const hashOf = async (target: string, out: string) => {
    const made = await nas(
      "latency",
      "kit",
      ...["--target", target, "--format", "tflite", "--space", space, "--out", join(root, out), "--json"],
    );
    return JSON.parse(made.out).kit;
  };
  const first = readManifest(readFileSync(join(kitOf("tflite"), "manifest.json"), "utf8"), "").kit;
  assert.equal(await hashOf("my-tflite", "again"), first);
  assert.notEqual(await hashOf("another", "another"), first);
  assert.deepEqual(
    readdirSync(root).filter((name) => name.endsWith(".part")),
    [],
  );
});

/** What importing the kit's results ends with when their text is changed. */
async function refused(
  format: "coreml" | "tflite",
  change: (text: string) => string,
  ...more: readonly string[]
) {
  const name = format === "tflite" ? "results.log" : "results.json";
  const file = join(root, `changed-${name}`);
  writeFileSync(file, change(readFileSync(join(kitOf(format), name), "utf8")));
  const { code, err } = await nas(
    ...["latency", "import", file, "--manifest", join(kitOf(format), "manifest.json")],
    ...["--space", space, "--out", join(root, "never.json"), "--force", ...more],
  );
  assert.equal(code, 2, err);
  assert.ok(!existsSync(join(root, "never.json")));
  return err;
}

test("results of another kit, with another unit or version, cut short, without numbers or of another device are refused", async () => {
  const json = (from: RegExp, to: string) => (text: string) => {
    assert.match(text, from);
    return text.replace(from, to);
  };
  assert.match(
    await refused("coreml", json(/"kit": "\w+"/, '"kit": "0123456789abcdef"')),
    /kit is 0123456789abcdef, and the manifest's is/,
  );
  assert.match(await refused("coreml", json(/"unit": "ms"/, '"unit": "us"')), /unit is "us"/);
  assert.match(await refused("coreml", json(/"version": 1/, '"version": 2')), /version is 2/);
  assert.match(await refused("coreml", (text) => text.slice(0, text.length / 2)), /not JSON/);
  assert.match(await refused("coreml", json(/"medianMs": [\d.e-]+/, '"medianMs": NaN')), /not JSON/);
  assert.match(
    await refused("coreml", json(/"medianMs": [\d.e-]+/, '"medianMs": -1')),
    /line \d+: results\[0\]: medianMs is -1/,
  );
  assert.match(
    await refused("coreml", json(/"medianMs": [\d.e-]+/, '"medianMs": 0')),
    /line \d+: results\[0\]: medianMs is 0/,
  );
  assert.match(
    await refused("coreml", json(/"id": "k0"/, '"id": "k1"')),
    /line \d+: model k1 is there twice/,
  );
  assert.match(
    await refused("coreml", (text) => text, "--device", "iPhone 15"),
    /device is "stand-in", not "iPhone 15"/,
  );
  assert.match(
    await refused("coreml", (text) => text, "--target", "other"),
    /--target is other, and the kit's is my-coreml/,
  );
  const log = (text: string) => text.split("\n");
  assert.match(
    await refused("tflite", (text) => log(text).slice(0, 60).join("\n")),
    /does not end with == end/,
  );
  assert.match(
    await refused("tflite", (text) => text.replace(/== k1\n[\s\S]*?(?=== k2)/, "")),
    /models are missing|1 of the kit's/,
  );
  assert.match(
    await refused("tflite", (text) => text.replaceAll(/median=[\d.]+/g, "median=nan")),
    /line \d+: median, in microseconds is "nan"/,
  );
});

test("a manifest that was changed is refused", async () => {
  const file = join(root, "changed-manifest.json");
  writeFileSync(
    file,
    readFileSync(join(kitOf("coreml"), "manifest.json"), "utf8").replace(
      '"dtype": "float16"',
      '"dtype": "float32"',
    ),
  );
  const { code, err } = await nas(
    "latency",
    "import",
    join(kitOf("coreml"), "results.json"),
    "--manifest",
    file,
  );
  assert.equal(code, 2);
  assert.match(err, /It was changed/);
});

test("a table is replaced only when asked, and never by one of another device", async () => {
  const results = join(kitOf("coreml"), "results.json");
  const again = await nas("latency", "import", results, "--space", space);
  assert.equal(again.code, 2);
  assert.match(again.err, /is there already/);
  assert.equal((await nas("latency", "import", results, "--space", space, "--force")).code, 0);
  const other = join(root, "other.json");
  writeFileSync(
    other,
    readFileSync(results, "utf8").replace('"device": "stand-in"', '"device": "iPhone14,5"'),
  );
  const refused = await nas(
    "latency",
    "import",
    other,
    "--space",
    space,
    "--force",
    ...["--manifest", join(kitOf("coreml"), "manifest.json")],
  );
  assert.equal(refused.code, 2);
  assert.match(refused.err, /is of another device: device is stand-in there and iPhone14,5/);
});

test("a model that the phone could not run is left out, and named", async () => {
  const file = join(root, "failed-results.json");
  const text = readFileSync(join(kitOf("coreml"), "results.json"), "utf8");
  const parsed = JSON.parse(text);
  parsed.results[3] = { id: parsed.results[3].id, error: "not on this phone" };
  writeFileSync(file, JSON.stringify(parsed));
  const out = join(root, "failed-table.json");
  const { code, err } = await nas(
    "latency",
    "import",
    file,
    "--space",
    space,
    "--out",
    out,
    ...["--manifest", join(kitOf("coreml"), "manifest.json")],
  );
  assert.equal(code, 0, err);
  assert.match(err, /left out k2: not on this phone/);
  assert.ok(
    !readTable(out).rows.some(
      ({ key }) =>
        key === readManifest(readFileSync(join(kitOf("coreml"), "manifest.json"), "utf8"), "").models[3]!.key,
    ),
  );
});
