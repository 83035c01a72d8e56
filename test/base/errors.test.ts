import assert from "node:assert/strict";
import { test } from "node:test";
import { exitCodes, UserError } from "../../src/base/errors.js";

test("A user error says what and what to do, and is a usage error unless told otherwise", () => {
  const error = new UserError("no such file", "Name one that exists.");
  assert.ok(error instanceof Error);
  assert.deepEqual(
    [error.name, error.message, error.whatToDo],
    ["UserError", "no such file", "Name one that exists."],
  );
  assert.equal(error.exitCode, 2);
  assert.equal(new UserError("a", "b", exitCodes.data).exitCode, 5);
});

test("Exit codes are the documented ones and all differ", () => {
  const documented = {
    ok: 0,
    runtime: 1,
    usage: 2,
    infeasible: 3,
    data: 5,
    locked: 6,
    untrue: 7,
    bug: 70,
    interrupted: 130,
  };
  assert.deepEqual({ ...exitCodes }, documented);
});
