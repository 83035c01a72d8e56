import assert from "node:assert/strict";
import { test } from "node:test";
import { kernels } from "../../src/graph/fuse.js";
import { attention, input, type Node } from "../../src/graph/node.js";
import { signature } from "../../src/graph/signature.js";

const x = input([4, 6, 6]);
const last = (out: Node) => signature(kernels(out).at(-1)!);

test("A signature names the anchor, its attributes, its shapes and what is fused", () => {
  assert.equal(
    last(x.conv(8, { kernel: 3, stride: 2 }).norm().act("relu6")),
    "conv(out=8,kernel=3,stride=2,dilation=1,groups=1,bias=false)4x6x6>8x3x3+norm+act(fn=relu6)",
  );
  assert.equal(last(x.concat(x)), "concat4x6x6,4x6x6>8x6x6");
});

test("Equal work has equal text, wherever it stands and whatever it starts from", () => {
  const block = (from: Node, name: string, init: number) => from.conv(4).norm().scale(init).as(name);
  const out = block(block(x, "one", 0.1), "two", 1e-5);
  const [one, two] = kernels(out).map(signature);
  assert.equal(one, two);
  const scaled = (init: number) => last(x.scale(init));
  assert.equal(scaled(0.1), scaled(1));
  assert.equal(
    last(attention(x, x, x, { heads: 2, table: 3 })),
    last(attention(x, x, x, { table: 3, heads: 2 })),
  );
});

test("Different work has different text", () => {
  const conv = x.conv(4);
  const texts = [
    conv,
    x.conv(4, { bias: true }),
    x.conv(4, { kernel: 3 }),
    x.conv(4, { groups: 2 }),
    input([4, 6, 7]).conv(4),
    conv.norm(),
    conv.act("relu"),
    conv.act("gelu"),
    conv.add(x),
    conv.add(x, x),
    attention(x, x, x, { heads: 2, table: 0 }),
    attention(x, x, x, { heads: 2, table: 3 }),
  ].map(last);
  assert.equal(new Set(texts).size, texts.length);
});
