import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { UserError } from "../../src/base/errors.js";
import { loadBinding } from "../../src/train/tfjsNode/binding.js";

function missing(): string | false {
  try {
    loadBinding();
    return false;
  } catch (error) {
    if (error instanceof UserError) return `${error.message}. ${error.whatToDo}`;
    throw error;
  }
}

test("tfjs-node holds in two worker threads at once, ended at work and started again 40 times", {
  skip: missing(),
}, () => {
  const child = fileURLToPath(new URL("./tfjsNodeThreads.js", import.meta.url));
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [child, "40"], { encoding: "utf8" });
  assert.equal(signal, null, stderr);
  assert.equal(status, 0, stderr);
  const { finished, losses } = JSON.parse(stdout) as { finished: number; losses: number[] };
  assert.equal(finished, 40);
  assert.equal(new Set(losses).size, 1, "every thread that finished has the same loss, bit for bit");
});
