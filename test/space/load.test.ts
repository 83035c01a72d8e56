import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { UserError } from "../../src/base/errors.js";
import { loadSpace, readSpace } from "../../src/space/load.js";
import { sizeOfSpace } from "../../src/space/moves.js";

const good = () => ({
  version: 1,
  name: "mine",
  resolution: 64,
  classes: 10,
  act: "relu",
  stem: [{ width: 16, kernel: 3, stride: 2 }],
  stages: [
    {
      name: "a",
      stride: 1,
      depth: [1, 2],
      width: 16,
      blocks: [{ "inverted-residual": { kernel: [3, 5], expand: 4 } }],
    },
    {
      name: "b",
      stride: 2,
      depth: [1, 2, 3],
      width: [24, 32],
      blocks: [
        { "inverted-residual": { kernel: 3, expand: [3, 6] } },
        {
          "multi-level-dilated": {
            levels: [
              [2, 3],
              [1, 2],
            ],
          },
        },
      ],
    },
  ],
  head: { width: 64, order: "conv-pool" },
  proxy: { dropStrides: 0, width: 1 },
});

test("a space is read, and its size is the product of its stages' choices", () => {
  assert.equal(sizeOfSpace(readSpace(good(), "mine.yaml")), BigInt(2 * 2 * (3 * 2 * (2 + 2))));
});

test("a choice that is left out takes the block's first value", () => {
  const { stages } = readSpace(good(), "mine.yaml");
  assert.deepEqual(stages[0]!.options[0]!.choices.attention, ["none"]);
});

test("one list of dilation levels is one value, a list of lists are several", () => {
  const form = good();
  form.stages[1]!.blocks[1] = { "multi-level-dilated": { levels: [2, 3] } } as never;
  assert.deepEqual(readSpace(form, "mine.yaml").stages[1]!.options[1]!.choices.levels, [[2, 3]]);
});

type Form = ReturnType<typeof good>;
const wrong: readonly [string, (form: Form) => void, RegExp, RegExp][] = [
  [
    "an unknown key",
    (f) => Object.assign(f, { stagse: [] }),
    /mine\.yaml: unknown key stagse/,
    /Did you mean stages\?/,
  ],
  [
    "an unknown key of a stage",
    (f) => Object.assign(f.stages[1]!, { widht: 3 }),
    /unknown key stages\[1\]\.widht/,
    /Did you mean width\?/,
  ],
  ["a missing key", (f) => Reflect.deleteProperty(f, "head"), /head is missing/, /an object/],
  ["a value out of range", (f) => Object.assign(f, { classes: 1 }), /classes is 1/, /at least 2/],
  [
    "a value of another type",
    (f) => Object.assign(f, { resolution: "big" }),
    /resolution is "big"/,
    /number/,
  ],
  ["an unknown activation", (f) => Object.assign(f, { act: "tanh" }), /act is "tanh"/, /"relu"/],
  ["a stride of 3", (f) => Object.assign(f.stages[0]!, { stride: 3 }), /stages\[0\]\.stride is 3/, /1 or 2/],
  [
    "a fractional width",
    (f) => Object.assign(f.stages[0]!, { width: 16.5 }),
    /stages\[0\]\.width is 16\.5/,
    /whole number|integer/,
  ],
  [
    "an unknown block",
    (f) => Object.assign(f.stages[0]!, { blocks: [{ "inverted-residul": null }] }),
    /stages\[0\]\.blocks\[0\]: unknown block "inverted-residul"/,
    /Did you mean inverted-residual\?/,
  ],
  [
    "an unknown choice",
    (f) => Object.assign(f.stages[0]!, { blocks: [{ "inverted-residual": { kernl: 3 } }] }),
    /unknown choice "kernl"/,
    /Did you mean kernel\?/,
  ],
  [
    "a kernel of 4",
    (f) => Object.assign(f.stages[0]!, { blocks: [{ "inverted-residual": { kernel: [3, 4] } }] }),
    /stages\[0\]\.blocks\[0\]\.inverted-residual\.kernel is 4/,
    /takes 3, 5, 7/,
  ],
  [
    "a value twice",
    (f) => Object.assign(f.stages[0]!, { depth: [1, 1] }),
    /stages\[0\]\.depth has 1 twice/,
    /differ/,
  ],
  [
    "no depth but 0",
    (f) => Object.assign(f.stages[0]!, { depth: 0 }),
    /stages\[0\]\.depth is \[0\]/,
    /1 or more/,
  ],
  [
    "depth 0 with a stride",
    (f) => Object.assign(f.stages[1]!, { depth: [0, 1] }),
    /allows 0 with stride 2/,
    /stride is 1/,
  ],
  [
    "two stages of one name",
    (f) => Object.assign(f.stages[1]!, { name: "a" }),
    /two parts are named "a"/,
    /names of their own/,
  ],
  [
    "strides that do not divide the input",
    (f) => Object.assign(f, { resolution: 66 }),
    /resolution is 66.*total stride of 4/,
    /resolution of 68 would do/,
  ],
  [
    "groups that do not divide the channels",
    (f) =>
      Object.assign(f.stages[0]!, { width: 15, blocks: [{ "inverted-residual": { expand: 1, groups: 2 } }] }),
    /stages\[0\] \(a\) makes an impossible shape: conv: groups is 2/,
    /divide/,
  ],
  [
    "two entries of one block that overlap",
    (f) =>
      Object.assign(f.stages[0]!, {
        blocks: [{ "inverted-residual": { kernel: [3, 5] } }, { "inverted-residual": { kernel: [5, 7] } }],
      }),
    /blocks\[1\] overlaps blocks\[0\]/,
    /differ/,
  ],
];
for (const [what, spoil, message, advice] of wrong)
  test(`${what} is refused with where it is and what is right`, () => {
    const form = good();
    spoil(form);
    assert.throws(
      () => readSpace(form, "mine.yaml"),
      (error: UserError) => {
        assert.match(error.message, message);
        assert.match(error.whatToDo, advice);
        return error.exitCode === 2;
      },
    );
  });

const dir = mkdtempSync(join(tmpdir(), "nas-space-"));
after(() => rmSync(dir, { recursive: true }));

test("a file that is not there, or no YAML, is one clear error with its name", () => {
  assert.throws(() => loadSpace(join(dir, "none.yaml")), /cannot read the space .*none\.yaml: ENOENT/);
  const file = join(dir, "bad.yaml");
  writeFileSync(file, "version: 1\nname: [unclosed\n");
  assert.throws(() => loadSpace(file), /bad\.yaml:\d+: not YAML/);
  writeFileSync(file, "");
  assert.throws(() => loadSpace(file), /bad\.yaml: the file is null/);
});

test("the documented example loads", () => {
  const file = join(dir, "good.yaml");
  writeFileSync(file, JSON.stringify(good()));
  assert.equal(loadSpace(file).name, "mine");
});
