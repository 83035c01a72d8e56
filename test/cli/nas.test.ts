import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../../../bin/nas.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "nas-cli-"));
after(() => rmSync(folder, { recursive: true }));

/** `nas` as a process of its own, in an empty folder. */
function nas(argv: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { NO_COLOR: _, FORCE_COLOR: __, ...rest } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...argv], {
    cwd: folder,
    env: { ...rest, ...env },
    encoding: "utf8",
  });
  return { code: status, out: stdout, err: stderr };
}

test("--version prints the package's version", () => {
  const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
  assert.deepEqual(nas(["--version"]), { code: 0, out: `${version}\n`, err: "" });
});

test("--help goes to standard output with code 0; no command at all is a usage error that shows the help", () => {
  const help = nas(["--help"]);
  assert.equal(help.code, 0);
  assert.match(help.out, /Usage: nas [\s\S]*search [\s\S]*Topics: nas help exit-codes/);
  const nothing = nas([]);
  assert.deepEqual([nothing.code, nothing.out], [2, ""]);
  assert.equal(nothing.err, help.out);
  assert.match(nas(["latency", "predict", "--help"]).out, /Examples:\n {2}\$ nas latency predict/);
});

test("A mistake is two lines on standard error, none on standard output, and code 2", () => {
  assert.deepEqual(nas(["zoo", "show", "mobilenet-v2-x1-1"]), {
    code: 2,
    out: "",
    err: nas(["zoo", "show", "mobilenet-v2-x1-1"]).err,
  });
  const { code, out, err } = nas(["space", "sample", "rapidnet", "--count", "0"]);
  assert.deepEqual([code, out], [2, ""]);
  assert.equal(err, 'error: --count is "0"\n       It is a whole number of at least 1.\n');
});

test("Colour is there when forced, and never with NO_COLOR or into a pipe", () => {
  const wrong = ["zoo", "show", "no-such-network"];
  const start = "\u001b[";
  assert.ok(nas(wrong, { FORCE_COLOR: "1" }).err.includes(start));
  assert.ok(!nas(wrong, { FORCE_COLOR: "1", NO_COLOR: "1" }).err.includes(start));
  assert.ok(!nas(wrong).err.includes(start));
  assert.ok(nas(["zoo", "show", "rapidnet_ti"], { FORCE_COLOR: "1" }).out.includes(start));
  assert.ok(!nas(["zoo", "show", "rapidnet_ti", "--json"], { FORCE_COLOR: "1" }).out.includes(start));
});

test("A reader that goes away early is no error", async () => {
  const child = spawn(process.execPath, [bin, "space", "sample", "rapidnet", "--count", "20000"], {
    cwd: folder,
  });
  let err = "";
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  child.stdout.once("data", () => child.stdout.destroy());
  const code = await new Promise((done) => child.on("close", done));
  assert.deepEqual([code, err], [0, ""]);
});

test("A file that is no run, no spec or no space has its own code and two lines", () => {
  writeFileSync(join(folder, "broken.json"), "{");
  writeFileSync(join(folder, "broken.yaml"), "version: 1\nname: [");
  const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
    [["show", "nowhere"], 2, /no run "nowhere"/],
    [["latency", "predict", "broken.json", "--target", "iphone13-npu"], 2, /not JSON/],
    [
      ["latency", "predict", "absent.json", "--target", "iphone13-npu"],
      5,
      /cannot read the spec absent\.json/,
    ],
    [["space", "validate", "broken.yaml"], 2, /broken\.yaml:2: not YAML/],
    [["space", "show", "rapidnte"], 2, /Did you mean rapidnet\?/],
    [["latency", "predict", "rapidnet_ti", "--target", "iphone14"], 2, /unknown target "iphone14"/],
  ];
  for (const [argv, code, said] of cases) {
    const found = nas(argv);
    assert.equal(found.code, code, `${argv.join(" ")}: ${found.err}`);
    assert.match(found.err, said);
    assert.match(found.err, /^error: .*\n {7}\S.*\n$/);
    assert.equal(found.out, "");
  }
});
