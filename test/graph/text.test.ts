import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { UserError } from "../../src/base/errors.js";
import { input } from "../../src/graph/node.js";
import { parse, print } from "../../src/graph/text.js";
import { weightSpecs } from "../../src/graph/weights.js";
import { anyNetwork } from "./networks.js";

test("A network reads as lines", () => {
  const stem = input([3, 8, 8]).conv(4, { kernel: 3, stride: 2 }).norm().as("stem");
  assert.equal(
    print(stem.act("relu").scale(1e-7).add(stem)),
    `%0 = input(shape=3x8x8) # 3x8x8
%1 = conv(out=4,kernel=3,stride=2,dilation=1,groups=1,bias=false) %0 # 4x4x4
%2 = norm %1 @stem # 4x4x4
%3 = act(fn=relu) %2 # 4x4x4
%4 = scale(init=1e-7) %3 # 4x4x4
%5 = add %4 %2 # 4x4x4`,
  );
});

test("What was printed is read back as the same network", () => {
  fc.assert(
    fc.property(anyNetwork, (out) => {
      const back = parse(print(out));
      assert.equal(print(back), print(out));
      assert.deepEqual([...weightSpecs(back)], [...weightSpecs(out)]);
    }),
    { numRuns: 500 },
  );
});

test("Blank lines, comments and line ends of other systems do not matter", () => {
  const text = "# a network\r\n\r\n%0 = input(shape=3x4x4)\r\n  %1 = norm %0   # same\r\n";
  assert.equal(print(parse(text)), "%0 = input(shape=3x4x4) # 3x4x4\n%1 = norm %0 # 3x4x4");
});

const kinds =
  "Known: input, conv, norm, layerNorm, act, scale, add, average, mul, concat, globalPool, avgPool, shuffle, maxRelative, attention.";
const start = "%0 = input(shape=4x6x6)";
const bad: readonly [line: string, what: string, whatToDo: string][] = [
  ["hello", `line 2: cannot read "hello"`, "A line is: %3 = act(fn=relu) %2 @name."],
  ["%1 = norm(%0", `line 2: cannot read "%1 = norm(%0"`, "A line is: %3 = act(fn=relu) %2 @name."],
  [
    "%1 = norm %0 @two words",
    `line 2: cannot read "%1 = norm %0 @two words"`,
    "A line is: %3 = act(fn=relu) %2 @name.",
  ],
  ["%2 = norm %0", "line 2: node is %2", "Nodes are numbered in order; this one is %1."],
  ["%1 = pool %0", `line 2: unknown operator "pool"`, kinds],
  ["%1 = toString %0", `line 2: unknown operator "toString"`, kinds],
  ["%1 = norm %1", "line 2: input %1 is not above", "Known: %0 to %0."],
  ["%1 = act %0", "line 2: act: no fn", "Write fn=... in the brackets."],
  [
    "%1 = act(fn=tanh) %0",
    `line 2: act: fn is "tanh"`,
    "It must be one of relu, relu6, hard-swish, hard-sigmoid, gelu, silu, sigmoid.",
  ],
  ["%1 = act(relu) %0", `line 2: act: cannot read "relu"`, "An attribute is: name=value."],
  ["%1 = act(fn=relu,fn=gelu) %0", "line 2: act: fn is given twice", "Give it once."],
  ["%1 = act(fn=relu,slope=1) %0", `line 2: act: unknown attribute "slope"`, "It has: fn=relu."],
  ["%1 = act(fn=relu,kind=conv) %0", `line 2: act: unknown attribute "kind"`, "It has: fn=relu."],
  ["%1 = norm(init=1) %0", `line 2: norm: unknown attribute "init"`, "It has: none."],
  ["%1 = scale(init=) %0", `line 2: init is ""`, "It must be a number."],
  ["%1 = scale(init=big) %0", `line 2: init is "big"`, "It must be a number."],
  ["%1 = scale(init=1=2) %0", `line 2: init is "1=2"`, "It must be a number."],
  ["%1 = shuffle(groups=3) %0", "line 2: shuffle: groups is 3 with 4 channels", "It must divide them."],
  ["%1 = norm %0 %0", "line 2: norm: has 2 inputs", "It takes 1."],
  ["%1 = input(shape=3x4)", "line 2: input: shape is [3, 4]", "It must be [channels, height, width]."],
  ["%1 = input(shape=3x4xwide)", "line 2: input: a dimension is NaN", "It must be a whole number from 1 up."],
  [
    "%1 = conv(out=4,kernel=3,stride=1,dilation=1,groups=1,bias=yes) %0",
    `line 2: bias is "yes"`,
    "It must be true or false.",
  ],
  ["%1 = conv(out=4,kernel=3) %0", "line 2: conv: no stride", "Write stride=... in the brackets."],
  ["%1 = norm %0\n%2 = norm %0", "nothing uses %1", "The last node, %2, must need all others."],
];

const says = (text: string, what: string, whatToDo: string) =>
  assert.throws(
    () => parse(text),
    (error) => {
      assert.ok(error instanceof UserError, String(error));
      assert.deepEqual([error.message, error.whatToDo], [what, whatToDo]);
      return true;
    },
  );

for (const [line, what, whatToDo] of bad)
  test(`Refused with a reason: ${line.replace("\n", " / ")}`, () =>
    says(`${start}\n${line}`, what, whatToDo));

test("Errors name the line of the file, comments and blank lines included", () => {
  says(`# one\n\n${start}\n\n%1 = pool %0`, `line 5: unknown operator "pool"`, kinds);
});

test("A text without nodes, or whose first line needs another, is refused", () => {
  says("# nothing", "the network has no nodes", "Its first line is %0 = input(shape=3x224x224).");
  says("%0 = norm %0", "line 1: input %0 is not above", "Nothing is.");
});

test("Whatever is done to a printed network, it is read or refused, never crashed on", () => {
  const mangled = fc
    .record({
      out: anyNetwork,
      at: fc.nat(),
      length: fc.integer({ min: 0, max: 4 }),
      put: fc.string({ maxLength: 4 }),
    })
    .map(({ out, at, length, put }) => {
      const text = print(out);
      const from = at % text.length;
      return text.slice(0, from) + put + text.slice(from + length);
    });
  fc.assert(
    fc.property(mangled, (text) => {
      try {
        print(parse(text));
      } catch (error) {
        assert.ok(error instanceof UserError, String(error));
      }
    }),
    { numRuns: 1000 },
  );
});
