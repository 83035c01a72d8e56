import assert from "node:assert/strict";
import { test } from "node:test";
import { stream } from "../../src/base/rng.js";
import { kernels } from "../../src/graph/fuse.js";
import type { Node } from "../../src/graph/node.js";
import { signature } from "../../src/graph/signature.js";
import { parse } from "../../src/graph/text.js";
import { kernelOf } from "../../src/latency/kernelText.js";
import { alone, blockKey, blocksOf } from "../../src/latency/piece.js";
import { workOf } from "../../src/latency/work.js";
import { build, deployedForm } from "../../src/space/build.js";
import { sample } from "../../src/space/moves.js";
import type { Space } from "../../src/space/space.js";
import * as spaces from "../../src/space/spaces/index.js";
import * as zoo from "../../src/space/zoo/index.js";

const networks: readonly Node[] = [
  ...Object.values(zoo).map((entry) => entry.build()),
  ...Object.values<Space>(spaces).flatMap((space) =>
    [0, 1, 2].map((n) => build(space, sample(space, stream(3, "text", n)), deployedForm(space))),
  ),
];

test("Every kernel of the zoo and the spaces comes back from its signature, with the same work", () => {
  let seen = 0;
  for (const network of networks)
    for (const kernel of kernels(network)) {
      const key = signature(kernel);
      const back = kernelOf(key);
      assert.equal(signature(back), key);
      const [now, then] = [workOf(back, 8), workOf(kernel, 8)];
      if (new Set(kernel.inputs).size === back.inputs.length) assert.deepEqual(now, then);
      seen++;
    }
  assert.ok(seen > 1000);
});

test("A text that is no signature is refused", () => {
  for (const text of ["", "conv", "blur3x4x4>3x4x4", "conv(out=4)3x4x4>4x4x4", "act(fn=relu)3x4x4>3x4x4+"])
    assert.throws(() => kernelOf(text), { name: "UserError" }, text);
});

test("Blocks cut a network without overlap; equal blocks have equal keys, which read back", () => {
  for (const network of networks) {
    const blocks = blocksOf(network);
    const own = blocks.flatMap((block) => block.nodes);
    assert.equal(new Set(own).size, own.length);
    for (const block of blocks) {
      const key = blockKey(block);
      assert.deepEqual(parse(key.replaceAll("; ", "\n")).shape, block.output.shape);
      assert.equal(blockKey({ ...block, ...cut(alone(block)) }), key);
    }
  }
});

/** A network that is one block, as such. */
function cut(out: Node) {
  const [block] = blocksOf(out);
  return block!;
}
