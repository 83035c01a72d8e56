import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { stream } from "../../src/base/rng.js";
import { cost } from "../../src/graph/cost.js";
import { input, type Node } from "../../src/graph/node.js";
import { print } from "../../src/graph/text.js";
import { sizeOf, weightSpecs } from "../../src/graph/weights.js";
import * as engines from "../../src/train/engines/index.js";
import { openScorers } from "../../src/train/pool.js";
import { fisherOf } from "../../src/train/proxies/fisher.js";
import * as proxies from "../../src/train/proxies/index.js";
import { jacobianScore } from "../../src/train/proxies/jacobCov.js";
import { agreement, logDeterminant } from "../../src/train/proxies/naswot.js";
import { flowing, synapticFlow } from "../../src/train/proxies/synflow.js";
import type { ZeroCostProxy } from "../../src/train/proxy.js";
import { run } from "../../src/train/reference/network.js";
import { lookWith, type ScoringAnswer, scoreOf } from "../../src/train/score.js";
import { toy } from "./toy.js";

const near = (actual: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(actual - expected) <= tolerance * Math.abs(expected), `${actual}, not ${expected}`);

const dataset = toy();
const stem = input([1, 8, 8]);
const head = (x: Node) => x.globalPool().conv(2, { bias: true });
const block = (x: Node, width: number) => x.conv(width, { kernel: 3 }).norm().act("relu");
const small = head(block(block(stem, 6), 6));
const wide = head(block(block(stem, 24), 24));
const gated = head(
  block(stem, 8)
    .times(block(stem, 8).globalPool().conv(8).act("sigmoid"))
    .conv(8)
    .norm()
    .act("hard-swish")
    .add(block(stem, 8)),
);

/** Same network, kernels times a number. */
const scaled = (weights: ReadonlyMap<string, Float32Array>, by: number) =>
  new Map([...weights].map(([path, w]) => [path, w.map((n) => n * by)]));

const ask = (proxy: string, network: Node, engine = "reference", seed = 1) =>
  scoreOf({ network: print(network), proxy, seed, engine }, dataset);

async function scoreBy(proxy: string, network: Node, engine?: string, seed?: number): Promise<number> {
  const answer = await ask(proxy, network, engine, seed);
  assert.ok(answer.status === "scored", JSON.stringify(answer));
  return answer.score;
}

const timeless = ({ ...answer }: ScoringAnswer) => ({ ...answer, seconds: 0 });

describe("synflow", () => {
  const chain = input([2, 1, 1]).conv(2).conv(1);
  /** [1, -2], [3, 4], then [-1, 0.5]; kernels are [in, out]. */
  const weights = new Map(
    [...weightSpecs(chain).keys()].map((path, i) => [
      path,
      Float32Array.from(
        [
          [1, 3, -2, 4],
          [-1, 0.5],
        ][i]!,
      ),
    ]),
  );

  test("of the linear network of two layers the flow is 13, twice its output of 6.5", () => {
    assert.equal(synapticFlow(chain, weights), 13);
  });

  test("of a chain of layers the flow is the number of layers times the output, and grows with each layer's scale", () => {
    const deep = [4, 5, 3].reduce((x, width) => x.conv(width, { kernel: 3 }).act("relu"), input([2, 5, 5]));
    const drawn = new Map(
      [...weightSpecs(deep)].map(([path, { shape }]) => {
        const rng = stream(1, path);
        return [path, Float32Array.from({ length: sizeOf(shape) }, () => rng.normal())];
      }),
    );
    near(synapticFlow(deep, scaled(drawn, 2)), 8 * synapticFlow(deep, drawn), 1e-6);
    near(synapticFlow(deep, scaled(drawn, -1)), synapticFlow(deep, drawn), 1e-12);
  });

  test("a weight counts by how much it moves the output, up or down", () => {
    const compared = input([1, 4, 4]).conv(2, { kernel: 3 }).maxRelative(1).conv(1);
    const rng = stream(1, "compared");
    const drawn = new Map(
      [...weightSpecs(compared)].map(([path, { shape }]) => [
        path,
        Float32Array.from({ length: sizeOf(shape) }, () => rng.float()),
      ]),
    );
    const doubles = new Map([...drawn].map(([path, w]) => [path, Float64Array.from(w)]));
    const ones = { count: 1, shape: [1, 4, 4] as const, data: new Float64Array(16).fill(1) };
    const output = run(compared, ones, doubles, false).value.data.reduce((sum, y) => sum + y, 0);
    assert.ok(synapticFlow(compared, drawn) > 2.01 * output, "with signs it would be twice the output");
  });

  test("normalisations, clipping and gates are out of its way", () => {
    const plain = input([3, 4, 4]).conv(4).act("relu").conv(2);
    const x = input([3, 4, 4]).conv(4).norm().act("relu6");
    const decorated = x.times(x.globalPool().act("sigmoid")).layerNorm().conv(2);
    const ones = (out: Node) =>
      synapticFlow(
        flowing(out),
        new Map(
          [...weightSpecs(flowing(out))].map(([path, { shape }]) => [
            path,
            new Float32Array(sizeOf(shape)).fill(9),
          ]),
        ),
      );
    assert.equal(ones(decorated), ones(plain));
  });

  test("two hundred layers are within what numbers hold", async () => {
    const deep = head(Array.from({ length: 200 }).reduce<Node>((x) => x.conv(8).norm().act("relu"), stem));
    const score = await scoreBy("synflow", deep);
    assert.ok(score > Math.log(1e38), `${score}`);
  });
});

describe("naswot", () => {
  test("of the codes 1011, 0110 and 1101 the score is ln 44", () => {
    const agreeing = agreement(3);
    agreeing.see(Float32Array.from([1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1]));
    assert.deepEqual(agreeing.kernel(), [
      [4, 1, 2],
      [1, 4, 1],
      [2, 1, 4],
    ]);
    near(logDeterminant(agreeing.kernel()), 3.78419, 1e-6);
  });

  test("agreements are counted over all layers, however many units each has", () => {
    const rng = stream(1, "codes");
    const agreeing = agreement(4);
    const expected = Array.from({ length: 4 }, () => [0, 0, 0, 0]);
    for (const units of [1, 31, 32, 33, 100]) {
      const values = Float32Array.from({ length: 4 * units }, () => rng.normal());
      agreeing.see(values);
      const on = (n: number, unit: number) => values[n * units + unit]! > 0;
      for (let a = 0; a < 4; a++)
        for (let b = 0; b < 4; b++)
          for (let unit = 0; unit < units; unit++) expected[a]![b]! += on(a, unit) === on(b, unit) ? 1 : 0;
    }
    assert.deepEqual(agreeing.kernel(), expected);
  });

  test("a large determinant does not overflow, images that look the same have no score", () => {
    const large = Array.from({ length: 64 }, (_, i) =>
      Array.from({ length: 64 }, (_, j) => (i === j ? 1e6 : 0)),
    );
    near(logDeterminant(large), 64 * Math.log(1e6), 1e-12);
    const agreeing = agreement(2);
    agreeing.see(Float32Array.from([1, -1, 2, -3]));
    assert.equal(logDeterminant(agreeing.kernel()), Number.NEGATIVE_INFINITY);
  });

  test("a network without activations fails in words", async () => {
    const answer = await ask("naswot", head(stem.conv(4)));
    assert.deepEqual(answer, { status: "failed", why: "naswot has no finite score" });
  });
});

describe("jacob-cov", () => {
  test("of three rows with eigenvalues 0.0508, 0.4598 and 2.4894 the score is -19.402121", () => {
    near(
      jacobianScore([
        [1, 2, 3, 4],
        [2, 1, 4, 3],
        [4, 3, 2, 2],
      ]),
      -19.402121,
      1e-7,
    );
  });

  test("rows that are unlike score higher than rows that are alike; scale and offset do not count", () => {
    const rng = stream(1, "rows");
    const unlike = Array.from({ length: 6 }, () => Array.from({ length: 40 }, () => rng.normal()));
    const alike = unlike.map((row) => row.map((n, i) => n + 3 * unlike[0]![i]!));
    assert.ok(jacobianScore(unlike) > jacobianScore(alike));
    near(jacobianScore(unlike.map((row, i) => row.map((n) => (i + 2) * n + i))), jacobianScore(unlike), 1e-6);
    assert.ok(
      Number.isNaN(
        jacobianScore([
          [1, 1],
          [1, 2],
        ]),
      ),
    );
  });
});

/** Of the mean over images of two classes: (softmax - wanted) / images. */
const crossEntropyGradient = (logits: Float32Array, labels: Uint8Array): Float32Array =>
  logits.map((_, i) => {
    const [a, b] = [logits[i - (i % 2)]!, logits[i - (i % 2) + 1]!];
    const probability = Math.exp(logits[i]!) / (Math.exp(a) + Math.exp(b));
    return (probability - (labels[Math.floor(i / 2)] === i % 2 ? 1 : 0)) / labels.length;
  });

describe("fisher", () => {
  test("a channel's values times gradients are summed over positions, squared, and averaged over images", () => {
    const value = Float32Array.from([1, 10, 2, 20, 3, 30, 4, 40]);
    const gradient = Float32Array.from([1, 0.1, 1, 0, 2, 0, 0, 1]);
    // image 0: channel 0: 1 + 2 = 3, channel 1: 1; image 1: channel 0: 6, channel 1: 40
    assert.ok(Math.abs(fisherOf(value, gradient, 2, [2, 2, 1]) - (9 + 1 + 36 + 1600) / 2 / 2) < 1e-4);
  });

  test("a channel counts once for each of its weights", async () => {
    const found: number[] = [];
    const { on, batch } = lookWith(engines.reference, dataset, 1);
    const network = head(stem.conv(3, { kernel: 5 }));
    await on(network, (trainer) => {
      trainer.watch(batch, {
        lead: (logits) => crossEntropyGradient(logits, batch.labels),
        led({ op, shape }, value, gradient) {
          if (op.kind === "conv") found.push(fisherOf(value(), gradient(), batch.count, shape));
        },
      });
    });
    const [last, first] = found;
    near(await scoreBy("fisher", network), 25 * first! + 3 * last!, 1e-6);
  });
});

describe("gradients of kernels", () => {
  const look = lookWith(engines.reference, dataset, 1);
  const gradients = (out: Node) =>
    look.on(out, (trainer) => {
      const { gradients } = trainer.gradients(look.batch);
      const weights = trainer.weights();
      return [...weightSpecs(out)]
        .filter(([, { role }]) => role === "kernel")
        .map(([path]) => ({ w: [...weights.get(path)!], g: [...gradients.get(path)!] }));
    });

  test("grad-norm adds the norms of kernels, snip all |w · g|; biases and normalisations are in neither", async () => {
    const layers = await gradients(small);
    assert.equal(layers.length, 3);
    near(
      await scoreBy("grad-norm", small),
      layers.reduce((sum, { g }) => sum + Math.hypot(...g), 0),
      1e-6,
    );
    near(
      await scoreBy("snip", small),
      layers.reduce((sum, { w, g }) => sum + g.reduce((s, x, i) => s + Math.abs(x * w[i]!), 0), 0),
      1e-6,
    );
  });
});

describe("zen", () => {
  test("features of random images do not depend on the images of the data set, nor on shortcuts", async () => {
    const x = block(stem, 6);
    const body = (skip: boolean) => {
      const deep = x.conv(6, { kernel: 3 }).norm();
      return head((skip ? deep.add(x) : deep).act("relu"));
    };
    assert.equal(await scoreBy("zen", body(true)), await scoreBy("zen", body(false)));
    const other = await scoreOf(
      { network: print(small), proxy: "zen", seed: 1, engine: "reference" },
      toy(120),
    );
    assert.ok(other.status === "scored");
    assert.equal(other.score, await scoreBy("zen", small));
  });

  test("of one linear layer and its normalisation it is the logarithm of how far features move, deviations put back", async () => {
    const score = await scoreBy("zen", head(stem.conv(2, { kernel: 3 }).norm()));
    // D is close to 0.01 · √(2/π) · √2 for each of 128 normalised values, and a 3 × 3 kernel of deviation 1 widens 1 to about 3
    assert.ok(Math.abs(score - Math.log(128 * 0.01 * 0.8) - Math.log(3)) < 0.7, `${score}`);
  });
});

describe("baselines", () => {
  test("params and macs are what the graph costs, and say that they are baselines", async () => {
    assert.equal(await scoreBy("params", small), cost(small).params);
    assert.equal(await scoreBy("macs", small), cost(small).macs);
    const baselines = Object.entries(proxies).filter(
      ([, { isBaseline }]: [string, ZeroCostProxy]) => isBaseline,
    );
    assert.deepEqual(baselines.map(([name]) => name).sort(), ["macs", "params"]);
  });
});

for (const name of Object.keys(proxies))
  describe(`${name} as every proxy`, () => {
    test("is the same number when asked again, on a new look", async () => {
      assert.deepEqual(timeless(await ask(name, gated)), timeless(await ask(name, gated)));
    });

    test("is the same on wasm as on the reference", async () => {
      for (const network of [small, wide, gated])
        near(await scoreBy(name, network, "wasm"), await scoreBy(name, network), 2e-3);
    });

    test("does not tell wide networks from narrow ones by chance alone: scores differ", async () => {
      assert.notEqual(await scoreBy(name, small), await scoreBy(name, wide));
    });

    const counts = name === "params" || name === "macs";
    test(counts ? "is the same whatever the seed" : "is of the seed's weights", async () => {
      assert.equal((await scoreBy(name, small, "reference", 2)) === (await scoreBy(name, small)), counts);
    });
  });

test("scores are the same bits on one worker and on two, and a network that cannot be scored leaves the others be", async (t) => {
  const questions = Object.keys(proxies).map((proxy) => ({
    network: print(small),
    proxy,
    seed: 1,
    engine: "wasm",
  }));
  const broken = { ...questions[0]!, network: "input 1x8x8\n nonsense" };
  const answers = [1, 2].map(async (workers) => {
    const pool = openScorers({ workers, dataset, memoryMb: 512, timeoutMs: 60_000 });
    t.after(() => pool.close());
    return Promise.all(
      [...questions.slice(0, 4), broken, ...questions.slice(4)].map((q) => pool.evaluate(q)),
    );
  });
  const [one, two] = await Promise.all(answers);
  assert.equal(one![4]!.status, "failed");
  assert.deepEqual(one!.map(timeless), two!.map(timeless));
  assert.equal(one!.filter(({ status }) => status === "scored").length, questions.length);
});
