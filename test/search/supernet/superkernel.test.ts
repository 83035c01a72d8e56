import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { stream } from "../../../src/base/rng.js";
import * as targets from "../../../src/latency/targets/index.js";
import { measurer } from "../../../src/search/measure.js";
import {
  choicesOf,
  distributionOf,
  evenLogits,
  type Logits,
  lineOf,
  zeroGradient,
} from "../../../src/search/supernet/architecture.js";
import { beginning } from "../../../src/search/supernet/beginning.js";
import { likeliest } from "../../../src/search/supernet/derive.js";
import { trainEpoch } from "../../../src/search/supernet/epoch.js";
import type { Indicators } from "../../../src/search/supernet/masks.js";
import { borrow, withTrainer } from "../../../src/search/supernet/network.js";
import { addPairGradient, type Pair } from "../../../src/search/supernet/pairs.js";
import type { SupernetPlan } from "../../../src/search/supernet/question.js";
import { addLatencyGradient, expectedMs, stageLatency } from "../../../src/search/supernet/stageLatency.js";
import type { Site } from "../../../src/search/supernet/steps.js";
import { levelsOf, nestedOf } from "../../../src/search/supernet/superkernel.js";
import {
  addThroughNorms,
  logitsOf,
  type Margins,
  sharesOf,
  shellsOn,
  throughSteps,
  throughThresholds,
} from "../../../src/search/supernet/threshold.js";
import {
  decoded,
  drawnSuperkernels,
  indicatorsOf,
  readMargins,
  type Superkernels,
  superkernelPass,
  superkernelsOf,
} from "../../../src/search/supernet/thresholdSteps.js";
import type { Gradients } from "../../../src/search/supernet/weights.js";
import { build, builderOf, deployedForm } from "../../../src/space/build.js";
import { formatGenome } from "../../../src/space/candidate.js";
import type { Space } from "../../../src/space/space.js";
import { mnasnet, rapidnet } from "../../../src/space/spaces/index.js";
import { reference } from "../../../src/train/engines/reference.js";
import { greys, planOf, choices as smallChoices } from "./site.js";
import { cases, shells } from "./spaces.js";

const proxy = { resolution: 8, channels: 3, classes: 4, width: 1, dropStrides: 0 };

function kernelsOf(space: Space): Superkernels & { readonly whole: Site; readonly parameters: Logits } {
  const choices = choicesOf(space);
  const plan: SupernetPlan = {
    ...{ space, proxy, engine: "reference", seed: 1, limitMs: 1 },
    fidelity: { images: 20, batch: 4 },
    rule: {
      ...{ paths: "threshold", sharing: "slices", epochs: 2, warmUp: 0, branches: 2 },
      ...{ loss: "add-linear", rate: 0.1 },
    },
    latency: stageLatency(choices, targets.iphone13Npu),
  };
  const { weights, learner } = beginning(plan);
  for (const { values, role } of weights.values()) if (role === "gamma") values.fill(1);
  const builder = builderOf(space, proxy);
  const whole: Site = { plan, choices, builder, shared: weights, engine: reference, held() {} };
  return { ...superkernelsOf(whole), whole, parameters: learner.logits };
}

const rng = stream(5, "batch");
const batch = {
  images: Float32Array.from({ length: 4 * 8 * 8 * 3 }, () => rng.normal()),
  labels: Uint8Array.from([0, 1, 2, 3]),
  count: 4,
};

/** Parameters whose thresholds leave shells these margins; decisions in turn. */
function parametersAt(
  kernels: ReturnType<typeof kernelsOf>,
  margin: (name: string, shell: number) => number,
): Logits {
  const found = Object.fromEntries(Object.entries(kernels.parameters).map(([name, v]) => [name, [...v]]));
  for (const { nested, values } of readMargins(kernels, kernels.parameters))
    values.forEach((x, shell) => {
      found[nested.name]![nested.order[shell + 1]!]! += x - margin(nested.name, shell);
    });
  return found;
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const relaxed = (margins: readonly Margins[]): Indicators =>
  new Map(margins.map(({ nested, values }) => [nested.name, values.map(sigmoid)]));

/** Logits of the distribution, with the parameters given. */
const logitsAt = (kernels: Superkernels, parameters: Logits): Logits =>
  logitsOf(parameters, readMargins(kernels, parameters));

test("of small kernels the middle is used, and of wide layers the first channels that are read", () => {
  assert.deepEqual(
    [...levelsOf({ along: "kernel", sizes: [3, 5], shape: [5, 5, 1, 1] })],
    [1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1],
  );
  assert.deepEqual(
    [...levelsOf({ along: "input", sizes: [1, 1, 3], shape: [1, 1, 3, 2] })],
    [0, 0, 2, 2, 2, 2],
  );
});

test("kernels and expansions are nested but for those that are other networks", () => {
  const { nested, free, site } = kernelsOf(shells);
  assert.deepEqual(
    nested.flat().map(({ name, order }) => [name, ...order]),
    [
      ["a.0.kernel", 0, 1, 2],
      ["a.0.expand", 1, 2],
      ["a.1.kernel", 1, 0],
      ["a.1.expand", 0, 1, 2],
      ["a.2.kernel", 0, 1],
      ["b.0.kernel", 0, 1],
      ["b.0.expand", 0, 1],
      ["b.1.kernel", 0, 1, 2],
    ],
  );
  assert.deepEqual([...free], [["a.0.expand", [0]]]);
  assert.equal(site.choices.decisions.get("a.0.expand"), 2);
  assert.equal(site.choices.decisions.has("a.1.kernel"), false);
  assert.equal(site.choices.decisions.get("a.2.expand"), 2, "of grouped convolutions");
});

const kernels = kernelsOf(cases);

test("the four cases of a layer decode to kernel 3 or 5 and expansion 3 or 6, and the skip to no layer", () => {
  const [, second] = kernels.site.choices.stages;
  const isSkip = second!.findIndex(({ isFree }) => isFree);
  assert.equal(second!.length, 2, "the skip and one superkernel");
  const line = (ring: number, half: number, at = 1 - isSkip) => {
    const parameters = parametersAt(kernels, (name) => (name.endsWith("kernel") ? ring : half));
    return formatGenome(cases, decoded(kernels, [0, at], indicatorsOf(readMargins(kernels, parameters))));
  };
  const both = (made: string) => `cases:inverted-residual,${made}/inverted-residual,${made}`;
  const [on, off] = [0.5, -0.5];
  assert.equal(line(off, off), both("kernel=3,expand=3"));
  assert.equal(line(off, on), both("kernel=3,expand=6"));
  assert.equal(line(on, off), both("kernel=5,expand=3"));
  assert.equal(line(on, on), both("kernel=5,expand=6"));
  assert.equal(line(on, on, isSkip), "cases:inverted-residual,kernel=5,expand=6/skip");
});

test("a shell is on where the norm is above the threshold, and none is without those within it", () => {
  assert.equal(shellsOn([0.1, 0.1]), 2);
  assert.equal(shellsOn([0.1, -0.1]), 1);
  assert.equal(shellsOn([-0.1, 5]), 0);
  assert.equal(shellsOn([0]), 0);
  const [one] = readMargins(kernels, kernels.parameters);
  const { key, shape } = one!.nested.cuts[0]!;
  assert.deepEqual(shape.slice(0, 2), [5, 5]);
  const weight = kernels.whole.shared.get(key)!;
  const before = weight.values.slice();
  const levels = levelsOf(one!.nested.cuts[0]!);
  const ringTimes = (factor: number): number => {
    weight.values.set(before.map((w, n) => (levels[n] === 1 ? factor * w : w)));
    return readMargins(kernels, kernels.parameters)[0]!.values[0]!;
  };
  const ratio = (level: number) => {
    const squares = [...before].filter((_, n) => levels[n] === level).map((w) => w * w);
    return squares.reduce((a, b) => a + b) / squares.length;
  };
  assert.ok(Math.abs(ringTimes(1) - (Math.log(ratio(1) / ratio(0)) + 1)) < 1e-6, "mean squares, at e⁻¹");
  assert.ok(Math.abs(ringTimes(3) - ringTimes(1) - Math.log(9)) < 1e-6);
  assert.ok(ringTimes(0.1) < 0 && ringTimes(1) > 0);
  weight.values.set(before);
});

for (const space of [cases, shells])
  test(`${space.name}: superkernels with what is off cut away are the networks the space builds, to the last rounding`, async () => {
    const found = space === cases ? kernels : kernelsOf(space);
    const draw = stream(7, space.name);
    const lines = new Set<string>();
    for (let i = 0; i < 24; i++) {
      const parameters = parametersAt(found, () => draw.normal());
      const margins = readMargins(found, parameters);
      const picked = found.site.choices.stages.map((stage) => Math.floor(draw.float() * stage.length));
      const genome = decoded(found, picked, indicatorsOf(margins));
      lines.add(formatGenome(space, genome));
      const taken = picked.map((n) => [n]);
      const ones = picked.map(() => [1]);
      const masked = await superkernelPass(found, batch, taken, ones, indicatorsOf(margins));
      const small = borrow(build(space, genome, proxy), found.whole.shared, "slices");
      const plain = await withTrainer(reference, small, (trainer) => trainer.gradients(batch));
      for (const [n, logit] of masked.logits.entries())
        assert.ok(
          Math.abs(logit - plain.logits[n]!) < 1e-4 * (1 + Math.abs(logit)),
          formatGenome(space, genome),
        );
    }
    assert.ok(lines.size > 12, "the draws differ");
  });

test("the gradient of an indicator, on or off, is that of finite differences", async () => {
  const found = kernelsOf(shells);
  const taken = [
    [0, 1].map((option) =>
      found.site.choices.stages[0]!.findIndex(
        ({ gene }) => gene.option === option && gene.choices.expand !== 1,
      ),
    ),
    [found.site.choices.stages[1]!.findIndex(({ gene }) => gene.depth === 1)],
  ];
  const coefficients = [[0.7, 0.4], [1]];
  const draw = stream(8, "indicators");
  const values: [string, number[]][] = found.nested
    .flat()
    .map(({ name, order }) => [name, order.slice(1).map(() => draw.pick([0, 1, 0.6]))]);
  const lossAt = async (name = "", shell = 0, by = 0) => {
    const moved = new Map(
      values.map(([n, of]) => [n, of.map((d, s) => (n === name && s === shell ? d + by : d))]),
    );
    return superkernelPass(found, batch, taken, coefficients, moved);
  };
  const { byIndicator } = await lossAt();
  let seen = 0;
  for (const [name, of] of values)
    for (const shell of of.keys()) {
      const slope = ((await lossAt(name, shell, 0.01)).loss - (await lossAt(name, shell, -0.01)).loss) / 0.02;
      const g = byIndicator.get(name)![shell]!;
      assert.ok(Math.abs(g - slope) < 1e-4 + 0.02 * Math.abs(slope), `${name} ${shell}: ${g}, not ${slope}`);
      if (Math.abs(g) > 1e-3) seen++;
    }
  assert.ok(seen >= 4, "the test would see no gradient");
});

test("thresholds and weights, these through their norms, follow the gradient of the relaxed loss, by finite differences", async () => {
  const parameters = parametersAt(
    kernels,
    (name, shell) => (name.length % 2 === 0 ? 0.4 : -0.3) - 0.1 * shell,
  );
  const [, second] = kernels.site.choices.stages;
  const taken = [[0], [second!.findIndex(({ isFree }) => !isFree)]];
  const ones = [[1], [1]];
  const lossAt = async (at: Logits, into?: Gradients) => {
    const margins = readMargins(kernels, at);
    const found = await superkernelPass(kernels, batch, taken, ones, relaxed(margins), into);
    return { ...found, margins };
  };
  const into: Gradients = new Map();
  const { byIndicator, margins } = await lossAt(parameters, into);
  for (const one of margins)
    addThroughNorms(into, kernels.whole.shared, one, throughSteps(one, byIndicator.get(one.nested.name)!));

  for (const one of margins) {
    const { name, order } = one.nested;
    const at = (by: number) =>
      lossAt({ ...parameters, [name]: parameters[name]!.map((v, n) => (n === order[1] ? v + by : v)) });
    const slope = ((await at(0.02)).loss - (await at(-0.02)).loss) / 0.04;
    const g = -throughSteps(one, byIndicator.get(one.nested.name)!)[0]!;
    assert.ok(Math.abs(g - slope) < 1e-4 + 0.02 * Math.abs(slope), `${name}: ${g}, not ${slope}`);
  }

  let through = 0;
  for (const one of margins) {
    const cut = one.nested.cuts[0]!;
    const { values } = kernels.whole.shared.get(cut.key)!;
    const levels = levelsOf(cut);
    const plain = new Map<string, Gradients extends Map<string, infer G> ? G : never>();
    await lossAt(parameters, plain);
    for (const level of [0, 1]) {
      // All of a level moved together, so that the norm's share is not lost in rounding.
      const before = values.slice();
      const at = async (by: number) => {
        values.set(before.map((w, n) => (levels[n] === level ? w * (1 + by) : w)));
        const { loss } = await lossAt(parameters);
        values.set(before);
        return loss;
      };
      const slope = ((await at(0.003)) - (await at(-0.003))) / 0.006;
      const along = (of: Gradients) =>
        [...of.get(cut.key)!.sum].reduce((sum, g, n) => sum + (levels[n] === level ? g * before[n]! : 0), 0);
      assert.ok(
        Math.abs(along(into) - slope) < 2e-4 + 0.02 * Math.abs(slope),
        `${one.nested.name} ${level}: ${along(into)}, not ${slope}`,
      );
      through = Math.max(through, Math.abs(along(into) - along(plain)));
    }
  }
  assert.ok(through > 2e-3, "the norms' share would not be seen");
});

/** Every network, as candidates' numbers. */
const everyPick = (stages: readonly (readonly unknown[])[]): number[][] =>
  stages.reduce<number[][]>((all, stage) => all.flatMap((p) => stage.map((_, c) => [...p, c])), [[]]);

const drawnParameters = (of: ReturnType<typeof kernelsOf>, seed: number): Logits => {
  const draw = stream(seed, "parameters");
  return Object.fromEntries(
    Object.entries(of.parameters).map(([n, v]) => [n, v.map((p) => p + draw.normal())]),
  );
};

test("expected latency by norms and thresholds is the mean over all networks, to 1e-9, and its gradient that of finite differences", () => {
  for (const found of [kernels, kernelsOf(shells)]) {
    const { choices, plan } = found.whole;
    const all = everyPick(choices.stages);
    const measure = measurer(choices.space, targets.iphone13Npu);
    const times = all.map((picked) => measure(lineOf(choices, picked)).latencyMs);
    const parameters = drawnParameters(found, 3);
    const msAt = (at: Logits) =>
      expectedMs(plan.latency, distributionOf(choices, logitsAt(found, at)).candidates);
    const distribution = distributionOf(choices, logitsAt(found, parameters));
    const mean = all.reduce((sum, picked, n) => {
      const p = picked.reduce((product, c, i) => product * distribution.candidates[i]![c]!, 1);
      return sum + p * times[n]!;
    }, 0);
    const { ms, gradient } = msAt(parameters);
    assert.ok(Math.abs(ms - mean) < 1e-9);

    const by = zeroGradient(choices);
    addLatencyGradient(by, choices, distribution, gradient, 1);
    for (const one of readMargins(found, parameters)) throughThresholds(by, one);
    for (const [name, values] of Object.entries(by))
      for (const [value, g] of values.entries()) {
        const at = (moved: number) =>
          msAt({ ...parameters, [name]: parameters[name]!.map((v, n) => (n === value ? v + moved : v)) }).ms;
        const slope = (at(1e-5) - at(-1e-5)) / 2e-5;
        assert.ok(Math.abs(g - slope) < 1e-8, `${name}[${value}]: ${g}, not ${slope}`);
      }
  }
});

test("the likeliest value is the one that thresholds decide, however many shells there are", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -40, max: 39 }), { minLength: 1, maxLength: 4 }), (tenths) => {
      const margins = tenths.map((n) => (n + 0.5) / 10);
      const shares = sharesOf(margins);
      assert.ok(Math.abs(shares.reduce((a, b) => a + b) - 1) < 1e-12);
      assert.equal(shares.indexOf(Math.max(...shares)), shellsOn(margins));
    }),
  );
  assert.ok(Math.abs(sharesOf([0.7])[1]! - sigmoid(0.7)) < 1e-12, "of two values the sigmoid");
});

test("steps draw each nested value as often as the latency is reckoned with", () => {
  const found = kernelsOf(shells);
  const parameters = drawnParameters(found, 9);
  const draw = stream(10, "shells");
  const { choices } = found.whole;
  const counts = new Map<string, number>();
  const times = 4000;
  for (let i = 0; i < times; i++) {
    const [first] = drawnSuperkernels(found, parameters, draw);
    const text = formatGenome({ ...shells, stages: shells.stages.slice(0, 1) }, [first!]);
    counts.set(text, (counts.get(text) ?? 0) + 1 / times);
  }
  const [shares] = distributionOf(choices, logitsAt(found, parameters)).candidates;
  for (const [c, { text }] of choices.stages[0]!.entries()) {
    const p = shares![c]!;
    const seen = counts.get(`${shells.name}:${text}`) ?? 0;
    assert.ok(
      Math.abs(seen - p) < 0.002 + 4 * Math.sqrt((p * (1 - p)) / times),
      `${text}: ${seen}, not ${p}`,
    );
  }
});

test("a gradient by indicators goes back as that of the mean worth of the values drawn, by finite differences", () => {
  const [one] = readMargins(kernels, kernels.parameters);
  const worthAt = (values: readonly number[], by: readonly number[]) => {
    const worth = (level: number) => by.slice(0, level).reduce((a, b) => a + b, 0);
    return sharesOf(values).reduce((sum, p, level) => sum + p * worth(level), 0);
  };
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: -40, max: 40 }), fc.integer({ min: -9, max: 9 })), {
        minLength: 1,
        maxLength: 3,
      }),
      (pairs) => {
        const values = pairs.map(([x], n) => (x + 0.3 + 0.1 * n) / 10);
        const by = pairs.map(([, g]) => g);
        const found = throughSteps({ ...one!, values }, by);
        for (const n of values.keys()) {
          const at = (d: number) =>
            worthAt(
              values.map((x, m) => (m === n ? x + d : x)),
              by,
            );
          assert.ok(Math.abs(found[n]! - (at(1e-5) - at(-1e-5)) / 2e-5) < 1e-7);
        }
      },
    ),
  );
  const p = sigmoid(0.7);
  assert.ok(
    Math.abs(throughSteps({ ...one!, values: [0.7] }, [3])[0]! - 3 * p * (1 - p)) < 1e-12,
    "the sigmoid's slope",
  );
});

test("the mean over pairs of the gradient by parameters is that of the mean loss, by finite differences", () => {
  const { choices } = kernels.whole;
  const parameters = drawnParameters(kernels, 5);
  const all = everyPick(choices.stages);
  const lossOf = (picked: readonly number[]) => Math.sin(3 * picked[0]! + 5 * picked[1]! + 1);
  const probability = ({ candidates }: ReturnType<typeof distributionOf>, picked: readonly number[]) =>
    picked.reduce((product, c, i) => product * candidates[i]![c]!, 1);
  const distribution = distributionOf(choices, logitsAt(kernels, parameters));
  const by = zeroGradient(choices);
  for (const first of all)
    for (const [i, { length }] of choices.stages.entries())
      for (let other = 0; other < length; other++) {
        if (other === first[i]) continue;
        const p = distribution.candidates[i]!;
        const drawn = (probability(distribution, first) * p[other]!) / (1 - p[first[i]!]!);
        const pairs: Pair[] = first.map((c, stage) => (stage === i ? [c, other] : [c]));
        const second = first.map((_, stage) => (stage === i ? lossOf(first.with(i, other)) : undefined));
        addPairGradient(by, choices, distribution, pairs, { first: lossOf(first), second }, drawn);
      }
  for (const one of readMargins(kernels, parameters)) throughThresholds(by, one);
  const meanAt = (at: Logits) => {
    const moved = distributionOf(choices, logitsAt(kernels, at));
    return all.reduce((sum, picked) => sum + probability(moved, picked) * lossOf(picked), 0);
  };
  let largest = 0;
  for (const [name, values] of Object.entries(by))
    for (const [value, g] of values.entries()) {
      const at = (moved: number) =>
        meanAt({ ...parameters, [name]: parameters[name]!.map((v, n) => (n === value ? v + moved : v)) });
      const slope = (at(1e-5) - at(-1e-5)) / 2e-5;
      largest = Math.max(largest, Math.abs(slope));
      assert.ok(Math.abs(g - slope) < 1e-8, `${name}[${value}]: ${g}, not ${slope}`);
    }
  assert.ok(largest > 0.01, "the test would see no gradient");
});

test("what is derived is never over the limit, whatever norms, thresholds and limit", () => {
  const all = everyPick(kernels.whole.choices.stages);
  const measure = measurer(cases, targets.iphone13Npu);
  const times = all.map((picked) => measure(lineOf(kernels.whole.choices, picked)).latencyMs);
  const [least, most] = [Math.min(...times), Math.max(...times)];
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: -10, max: 110 }), (seed, percent) => {
      const limitMs = least + (percent / 100) * (most - least);
      const { choices, plan } = kernels.whole;
      const logits = logitsAt(kernels, drawnParameters(kernels, seed));
      const derived = likeliest(plan.latency, distributionOf(choices, logits), limitMs);
      if (derived === undefined) assert.ok(limitMs * (1 - 1e-8) < least);
      else assert.ok(measure(lineOf(choices, derived)).latencyMs <= limitMs);
    }),
    { numRuns: 60 },
  );
});

test("every stage of the spaces rapidnet and mnasnet has kernels and expansions that are nested", () => {
  for (const space of [rapidnet, mnasnet])
    for (const stage of nestedOf(choicesOf(space), builderOf(space, { ...deployedForm(space), width: 0.25 })))
      for (const choice of ["kernel", "expand"]) assert.ok(stage.some((nested) => nested.choice === choice));
});

test("without a limit the network derived is the one that thresholds decide", () => {
  const { choices, plan } = kernels.whole;
  const lines = new Set<string>();
  for (let seed = 0; seed < 10; seed++) {
    const drawn = drawnParameters(kernels, seed);
    const parameters = { ...drawn, "b.block": [-9, 9] };
    const distribution = distributionOf(choices, logitsAt(kernels, parameters));
    const line = lineOf(choices, likeliest(plan.latency, distribution, Number.POSITIVE_INFINITY)!);
    const genome = decoded(
      kernels,
      kernels.site.choices.stages.map((stage) => stage.findIndex(({ isFree }) => !isFree)),
      indicatorsOf(readMargins(kernels, parameters)),
    );
    assert.equal(line, formatGenome(cases, genome));
    lines.add(line);
  }
  assert.ok(lines.size > 4);
});

test("thresholds rest in warm-up; then a limit raises them until the largest networks are cut down to it", async () => {
  const loose = planOf({ paths: "threshold", sharing: "slices", warmUp: 1, rate: 0.3 });
  const even = expectedMs(
    loose.latency,
    distributionOf(smallChoices, evenLogits(smallChoices)).candidates,
  ).ms;
  const plan = { ...loose, limitMs: 0.985 * even };
  let checkpoint = beginning(plan);
  const start = checkpoint.learner.logits;
  const expected: number[] = [];
  for (let epoch = 0; epoch < 5; epoch++) {
    const { learner, expectedMs: ms } = await trainEpoch(plan, greys(500), checkpoint, () => {});
    checkpoint = { weights: checkpoint.weights, learner };
    expected.push(ms);
    if (epoch === 0) assert.deepEqual(learner.logits, start);
  }
  assert.ok(expected[0]! > plan.limitMs, "the largest are over the limit");
  assert.ok(
    expected[4]! < expected[0]! && expected[4]! < 1.005 * plan.limitMs,
    `${expected} of ${plan.limitMs}`,
  );
  for (const name of ["a.0.kernel", "a.0.expand", "c.0.kernel", "c.0.expand"])
    assert.notEqual(checkpoint.learner.logits[name]![1], 0);
});
