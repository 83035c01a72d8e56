import assert from "node:assert/strict";
import { test } from "node:test";
import { find } from "../../src/base/lookup.js";
import { cost } from "../../src/graph/cost.js";
import { input, type Node, nodes, parts } from "../../src/graph/node.js";
import { parse, print } from "../../src/graph/text.js";
import type { ZooEntry } from "../../src/space/zoo/entry.js";
import * as zoo from "../../src/space/zoo/index.js";
import { stages } from "../../src/space/zoo/table.js";

const networks = Object.entries(zoo);

/** Counted from the official code; multiply-accumulates of convolutions, linear layers and attention. */
const golden: readonly [ZooEntry, params: number, macs: number][] = [
  [zoo.mobilenet_v1, 4_231_976, 568_740_352],
  [zoo.mobilenet_v2_x1_0, 3_504_872, 300_774_272],
  [zoo.mobilenet_v3_large, 5_483_032, 216_589_760],
  [zoo.mnasnet_a1, 3_887_038, 311_579_072],
  [zoo.fbnet_a, 4_321_232, 244_452_664],
  [zoo.efficientnet_b0, 5_288_548, 385_814_752],
  [zoo.mobilenetv4_conv_small, 3_774_024, 186_005_568],
  [zoo.mobileone_s0, 2_078_504, 275_110_400],
  [zoo.rapidnet_ti, 6_627_840, 617_469_312],
  [zoo.mobilevig_ti, 5_271_074, 662_142_336],
  [zoo.casvit_xs, 3_200_700, 547_004_968],
  [zoo.moat0, 27_846_892, 5_638_149_120],
  [zoo.mcunet_in0, 749_840, 6_364_224],
];

for (const [{ title, build }, params, macs] of golden)
  test(`${title} has the ${params.toLocaleString("en")} params and ${macs.toLocaleString("en")} MACs of its code`, () => {
    const { params: ours, macs: ourMacs } = cost(build());
    assert.deepEqual([ours, ourMacs], [params, macs]);
  });

test("EfficientNet-B1 and B2 have the params of their checkpoints, which the scaling rule makes", () => {
  assert.equal(cost(zoo.efficientnet_b1.build()).params, 7_794_184);
  assert.equal(cost(zoo.efficientnet_b2.build()).params, 9_109_994);
});

for (const [name, { resolution, published, build }] of networks) {
  test(`${name} is pure, reads the image its entry states, and prints what parses back`, () => {
    const out = build();
    const text = print(out);
    assert.equal(print(build()), text);
    assert.equal(print(parse(text)), text);
    const images = nodes(out).filter(({ op }) => op.kind === "input");
    assert.deepEqual(
      images.map(({ shape }) => shape),
      [[3, resolution, resolution]],
    );
  });

  test(`${name} ends in 1000 classes, or in a feature map where it is a backbone; every part has its own name`, () => {
    const out = build();
    if (name.startsWith("mobiledet"))
      assert.deepEqual(out.shape.slice(1), [resolution / 32, resolution / 32]);
    else assert.deepEqual(out.shape, [1000, 1, 1]);
    const found = parts(out).map((part) => part.name);
    assert.equal(new Set(found).size, found.length);
    assert.equal(found[0], "stem");
    assert.ok(
      found.every((part) => /^(stem|stage\d+\.\d+|head|classifier)$/.test(part)),
      found.join(" "),
    );
  });

  // Authors round, leave norms out of the params, or count norms among the MACs.
  test(`${name} costs what is printed of it, within 6 %`, () => {
    const ours = cost(build());
    for (const key of ["params", "macs"] as const) {
      const printed = published?.[key];
      if (printed !== undefined) assert.ok(Math.abs(ours[key] / printed - 1) < 0.06, `${ours[key]} ${key}`);
    }
  });
}

test("a network is found by its name with either dash", () => {
  assert.equal(find(zoo, "mobilenet-v2-x1-0"), zoo.mobilenet_v2_x1_0);
  assert.equal(find(zoo, "e2gc_mobilenetv1_G16"), zoo.e2gc_mobilenetv1_G16);
});

test("a table's stride holds for the first of repeated layers, and a layer that hands on its input has no part", () => {
  const layer = (x: Node, row: { width: number; stride: number; has(word: string): boolean }) =>
    row.has("skip") ? x : x.conv(row.width, { stride: row.stride });
  const out = stages(input([3, 32, 32]).as("stem"), "o8: s2 n3\no16: n1 | skip | s2", layer);
  assert.deepEqual(
    parts(out).map((part) => [part.name, part.nodes.at(-1)!.shape]),
    [
      ["stem", [3, 32, 32]],
      ["stage1.1", [8, 16, 16]],
      ["stage1.2", [8, 16, 16]],
      ["stage1.3", [8, 16, 16]],
      ["stage2.1", [16, 16, 16]],
      ["stage2.3", [16, 8, 8]],
    ],
  );
});

test("a table without a number its layers need says which line", () => {
  const layer = (x: Node, row: { number(letter: string): number }) => x.conv(8, { kernel: row.number("k") });
  assert.throws(() => stages(input([3, 8, 8]), "o8: k3\no8: e6", layer), /"o8: e6" has no k/);
});
