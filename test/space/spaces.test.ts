import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { stream } from "../../src/base/rng.js";
import { cost } from "../../src/graph/cost.js";
import { print } from "../../src/graph/text.js";
import { build, deployedForm, proxyForm } from "../../src/space/build.js";
import { formatGenome, parseGenome } from "../../src/space/candidate.js";
import { equalValues, geneAt, geneCount } from "../../src/space/gene.js";
import { checkShapes } from "../../src/space/load.js";
import { crossover, genomeAt, mutate, neighbours, sample, sizeOfSpace } from "../../src/space/moves.js";
import type { Genome, Space } from "../../src/space/space.js";
import * as spaces from "../../src/space/spaces/index.js";

const rgb32 = { resolution: 32, channels: 3, classes: 10 };
const seeds = fc.nat(1e9);

/** Stages in which two genomes differ. */
const differing = (a: Genome, b: Genome) =>
  a.filter((gene, i) => JSON.stringify(gene) !== JSON.stringify(b[i])).length;

for (const [name, space] of Object.entries<Space>(spaces)) {
  test(`${name}: every choice of every stage builds`, () => checkShapes(name, space));

  test(`${name}: every sampled genome builds, deployed and as proxy, to one logit a class`, () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const genome = sample(space, stream(seed));
        assert.deepEqual(build(space, genome, deployedForm(space)).shape, [space.classes, 1, 1]);
        assert.deepEqual(build(space, genome, proxyForm(space, rgb32)).shape, [10, 1, 1]);
      }),
      { numRuns: 60 },
    );
  });

  test(`${name}: a genome's line reads back to the same genome and the same line`, () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const genome = sample(space, stream(seed));
        const line = formatGenome(space, genome);
        assert.deepEqual(parseGenome(space, line), genome);
        assert.equal(formatGenome(space, parseGenome(space, line)), line);
        assert.match(line, /^[a-z0-9:,=+/.-]+$/, "safe to type into a shell");
      }),
    );
  });

  test(`${name}: different genomes are different networks`, () => {
    const lines = new Map<string, string>();
    for (let i = 0; i < 200; i++) {
      const genome = sample(space, stream(i));
      const network = print(build(space, genome, deployedForm(space)));
      const line = formatGenome(space, genome);
      assert.equal(lines.get(network) ?? line, line);
      lines.set(network, line);
    }
  });

  test(`${name}: a mutation changes exactly one stage, a crossover takes every stage from a parent`, () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const rng = stream(seed);
        const [a, b] = [sample(space, rng), sample(space, rng)];
        assert.equal(differing(a, mutate(space, a, rng)), 1);
        crossover(a, b, rng).forEach((gene, i) => {
          assert.ok([a[i], b[i]].some((parent) => JSON.stringify(parent) === JSON.stringify(gene)));
        });
      }),
    );
  });

  test(`${name}: neighbours are all different, legal, and one stage away`, () => {
    const genome = sample(space, stream(3));
    const around = neighbours(space, genome);
    const lines = around.map((n) => formatGenome(space, n));
    assert.equal(new Set(lines).size, lines.length);
    for (const n of around) {
      assert.equal(differing(genome, n), 1);
      assert.deepEqual(parseGenome(space, formatGenome(space, n)), n);
    }
  });

  test(`${name}: genes are numbered without gap or repeat`, () => {
    for (const stage of space.stages) {
      const count = Number(geneCount(stage));
      const seen = new Set(Array.from({ length: count }, (_, i) => JSON.stringify(geneAt(stage, BigInt(i)))));
      assert.equal(seen.size, count);
    }
  });

  test(`${name}: the first and the last number are genomes, and what is drawn differs`, () => {
    const size = sizeOfSpace(space);
    assert.notEqual(
      formatGenome(space, genomeAt(space, 0n)),
      formatGenome(space, genomeAt(space, size - 1n)),
    );
    const drawn = new Set(
      Array.from({ length: 50 }, (_, i) => formatGenome(space, sample(space, stream(i)))),
    );
    assert.equal(drawn.size, 50);
  });
}

test("fbnet has 9^22 networks", () => {
  assert.equal(sizeOfSpace(spaces.fbnet), 9n ** 22n);
});

test("sampling is uniform over a stage's genes", () => {
  const stage = spaces.fbnet.stages[0]!;
  const counts = new Map<string, number>();
  const draws = 9000;
  for (let i = 0; i < draws; i++) {
    const key = JSON.stringify(sample(spaces.fbnet, stream(i))[0]);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  assert.equal(counts.size, Number(geneCount(stage)));
  const expected = draws / counts.size;
  const chiSquare = [...counts.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
  assert.ok(chiSquare < 26.1, `chi-square ${chiSquare} at 8 degrees of freedom (0.1 % point 26.1)`);
});

test("a depth of 0 leaves the stage's other decisions out of the line", () => {
  const space = spaces.rapidnet;
  const at = space.stages.findIndex((s) => s.depth.includes(0));
  const genome = sample(space, stream(1)).map((gene, i) => (i === at ? geneAt(space.stages[at]!, 0n) : gene));
  assert.equal(formatGenome(space, genome).split("/")[at], "empty");
});

test("mnasnet holds MnasNet-A1's stages, and they cost what its layers cost", () => {
  const line =
    "mnasnet:inverted-residual,depth=1,width=16,kernel=3,expand=1,attention=none/" +
    "inverted-residual,depth=2,width=24,kernel=3,expand=6,attention=none/" +
    "inverted-residual,depth=3,width=40,kernel=5,expand=3,attention=squeeze-excite/" +
    "inverted-residual,depth=4,width=80,kernel=3,expand=6,attention=none/" +
    "inverted-residual,depth=2,width=96,kernel=3,expand=6,attention=squeeze-excite/" +
    "inverted-residual,depth=3,width=160,kernel=5,expand=6,attention=squeeze-excite/" +
    "inverted-residual,depth=1,width=320,kernel=3,expand=6,attention=none";
  const genome = parseGenome(spaces.mnasnet, line);
  const { macs } = cost(build(spaces.mnasnet, genome, deployedForm(spaces.mnasnet)));
  assert.ok(macs > 280e6 && macs < 320e6, `${macs} MACs; A1, whose fifth stage is 112 wide, has 311.6 M`);
});

test("the proxy form of a genome keeps depth and blocks, and drops strides from the image on", () => {
  const space = spaces.rapidnet;
  const out = build(space, sample(space, stream(5)), proxyForm(space, rgb32));
  const first = out;
  assert.equal(first.channels, 10);
  const strides =
    space.stem.filter((l) => l.stride > 1).length + space.stages.filter((s) => s.stride > 1).length;
  assert.ok(space.proxy.dropStrides < strides);
});

for (const [line, message] of [
  ["rapidnet", /no space/],
  ["fbnet:skip", /of space "fbnet"/],
  ["rapidnet:skip", /has 1 stages/],
] as const)
  test(`the genome line "${line}" is refused by name of what is wrong`, () => {
    assert.throws(() => parseGenome(spaces.rapidnet, line), message);
  });

test("a wrong value in a genome's line names stage, value and what it takes", () => {
  const line = formatGenome(spaces.rapidnet, genomeAt(spaces.rapidnet, 1234567n));
  assert.throws(
    () => parseGenome(spaces.rapidnet, line.replace(/kernel=\d/, "kernel=4")),
    (error: { message: string; whatToDo: string }) =>
      /stage\S+: kernel is 4/.test(error.message) && /It takes .*3/.test(error.whatToDo),
  );
  assert.throws(() => parseGenome(spaces.rapidnet, line.replace("depth=", "dept=")), /decides no "dept"/);
  assert.ok(equalValues([1, 2], [1, 2]));
});
