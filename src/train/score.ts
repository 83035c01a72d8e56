import { lookup } from "../base/lookup.js";

import { stream } from "../base/rng.js";
import type { Node } from "../graph/node.js";
import { parse } from "../graph/text.js";
import { plainBatch } from "./augment.js";
import type { Dataset } from "./dataset.js";
import type { Engine } from "./engine.js";
import * as engines from "./engines/index.js";
import { initialWeights } from "./initial.js";

import { batchSize, type Look } from "./proxy.js";
import { proxyName, proxyOf } from "./proxyNames.js";

/** One network to score without training, whole in itself: plain JSON. */
export interface ScoringQuestion {
  /** The proxy network as `graph/text.ts` prints it. */
  readonly network: string;
  /** Name in the index of proxies. */
  readonly proxy: string;
  /** Addresses the images and the weights, the same for every network. */
  readonly seed: number;
  /** Name in the engine index. */
  readonly engine: string;
}

/** What came of it. But for the time, it depends on the question and the data set alone. */
export type ScoringAnswer =
  | {
      readonly status: "scored";
      readonly score: number;
      /** Name, version and SIMD level of what ran; null where nothing had to. */
      readonly engine: string | null;
      readonly seconds: number;
    }
  | { readonly status: "failed"; readonly why: string };

const options = { momentum: 0, nesterov: false, weightDecay: 0, labelSmoothing: 0 };

/**
 * What a proxy may use on an engine: one batch of the training images and weights as training starts, both of the
 * seed alone. No residual branch is silenced, as training does: proxies look at all of a network.
 */
export function lookWith(engine: Engine, dataset: Dataset, seed: number): Look {
  const rng = (name: string) => stream(seed, "score", name);
  const positions = Array.from(dataset.train.labels.keys());
  return {
    batch: plainBatch(dataset, rng("batch").shuffle(positions).slice(0, batchSize)),
    rng,
    async on(out: Node, use, weights = initialWeights(out, rng("init"))) {
      const trainer = await engine.open(out, weights, options);
      try {
        return use(trainer);
      } finally {
        trainer.dispose();
      }
    },
  };
}

/** Score one network. */
export async function scoreOf(question: ScoringQuestion, dataset: Dataset): Promise<ScoringAnswer> {
  const started = performance.now();
  const proxy = proxyOf(question.proxy);
  const engine = lookup<Engine>(engines, question.engine, "engine");
  let used = false;
  const open: Engine["open"] = (...given) => {
    used = true;
    return engine.open(...given);
  };
  const score = await proxy.score(
    parse(question.network),
    lookWith({ ...engine, open }, dataset, question.seed),
  );
  if (!Number.isFinite(score))
    return { status: "failed", why: `${proxyName(question.proxy)} has no finite score` };
  return {
    status: "scored",
    score,
    engine: used ? engine.build() : null,
    seconds: (performance.now() - started) / 1000,
  };
}
