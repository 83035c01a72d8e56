import assert from "node:assert/strict";
import { test } from "node:test";
import { shortHash } from "../../src/base/hash.js";

test("A short hash is the start of the text's SHA-256", () => {
  // printf nas | sha256sum
  assert.equal(shortHash("nas"), "047de0f543c7e359");
  assert.equal(shortHash(""), "e3b0c44298fc1c14");
  assert.notEqual(shortHash("é"), shortHash("e"));
});
