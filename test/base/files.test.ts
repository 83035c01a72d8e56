import assert from "node:assert/strict";
import { test } from "node:test";
import { parseJson, readText, writing } from "../../src/base/files.js";

test("What is no JSON is refused with its line, and what was cut short says so", () => {
  const whole = '{\n  "a": 1,\n  "b": NaN\n}\n';
  assert.throws(() => parseJson(whole, "f.json", "Write it again."), {
    name: "UserError",
    message: /^f\.json, line 3: not JSON: .*[^e]$/,
    whatToDo: "Write it again.",
    exitCode: 2,
  });
  assert.throws(() => parseJson('{\n  "a": 1,\n', "f.json", ""), {
    message: /^f\.json, line 2: not JSON: .*; it ends in the middle$/,
  });
  assert.deepEqual(parseJson("[1]", "f.json", ""), [1]);
});

test("A file that cannot be read, and a place that cannot be written, say why; other errors go on", async () => {
  assert.throws(() => readText("no/such.file", "It is a file."), {
    message: "cannot read no/such.file: ENOENT",
    exitCode: 5,
  });
  const refused = () => Promise.reject(Object.assign(new Error("no"), { code: "EACCES", path: "/x" }));
  await assert.rejects(writing("x", "Elsewhere.", refused), {
    message: "cannot write x: EACCES",
    exitCode: 1,
  });
  const bug = new TypeError("a bug");
  await assert.rejects(
    writing("x", "", () => Promise.reject(bug)),
    bug,
  );
});
