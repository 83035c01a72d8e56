import { join, resolve } from "node:path";
import { exitCodes, UserError } from "../../../base/errors.js";
import { modelHash } from "../../../latency/modelHash.js";
import { openTarget } from "../../../latency/openTarget.js";
import { fastest } from "../../../search/feasible.js";
import { excess, overLimits } from "../../../search/goal.js";
import { measurer } from "../../../search/measure.js";
import { drawn } from "../../../search/ranking.js";
import { build, proxyForm } from "../../../space/build.js";
import { genomeAt } from "../../../space/moves.js";
import { createRun } from "../../../store/run.js";
import { openDataset } from "../../../train/openDataset.js";
import { prepareEngine } from "../../../train/prepareEngine.js";
import { autoEngine } from "../../autoEngine.js";
import { defineCommand } from "../../command.js";
import { measureFirst } from "../../measureFirst.js";
import * as option from "../../option.js";
import { rankingToEnd } from "../../rankingToEnd.js";
import { runName } from "../../runName.js";
import { limitsOf, searchOptions } from "../../searchOptions.js";
import { targetOption } from "../../targetOption.js";
import { version } from "../../version.js";

const usualTarget = "iphone13-npu";

const { space, data, maxParams, maxMacs, maxMemory, maxEnergy, workers, seed, batch, engine, runDir } =
  searchOptions;

export const proxy = defineCommand({
  summary: "measure how well short training ranks networks against long training",
  description:
    "Trains networks drawn evenly from a space, each several times short, as nas search would, and\n" +
    "several times long. Tells how far the two rankings agree, with params and MACs beside them as the\n" +
    "rankings that cost nothing, how accuracies spread over repeats, and what both cost. It is a run like\n" +
    "a search: every training is kept in its ledger, and nas resume continues it.",
  examples: [
    "nas bench proxy --networks 6 --images 640 --epochs 1 --long-epochs 4",
    "nas bench proxy --data ./cifar-10-batches-bin --max-latency 1.0ms",
    "nas bench proxy --data ./cifar-10-batches-bin --epochs 4 --long-epochs 40 --long-images 20000 --networks 20",
  ],
  options: {
    networks: option.count(8, "networks to draw", { least: 2 }),
    repeats: option.count(2, "times each is trained both ways, with other initial weights and orders"),
    epochs: option.count(4, "epochs of a short training"),
    images: option.count(4000, "training images of a short training"),
    longEpochs: option.count(16, "epochs of a long training"),
    longImages: option.count(
      undefined,
      "training images of a long training; those of a short one without it",
    ),
    space,
    data,
    target: targetOption(`device that limits and the ledger's latencies are of, ${usualTarget} without it`),
    maxLatency: option.ms(undefined, "slowest network to draw, such as 1.0ms"),
    maxParams,
    maxMacs,
    maxMemory,
    maxEnergy,
    workers,
    seed,
    batch,
    engine,
    runDir,
    json: option.json,
  },
  async run(given, io) {
    const { networks, repeats, space, seed, batch } = given;
    const target = given.target ?? { name: usualTarget, value: openTarget(usualTarget) };
    const dataset = await openDataset(given.data);
    await measureFirst(target.name, space, [], io);
    const measure = measurer(space, target.value);
    build(space, genomeAt(space, 0n), proxyForm(space, dataset));
    const besides = limitsOf(given);
    const limits = { ...besides, ...(given.maxLatency === undefined ? {} : { latencyMs: given.maxLatency }) };
    const reachable = measure(fastest(space, measure, besides).genome);
    if (excess(reachable, limits) > 0)
      throw new UserError(
        `no network of space ${space.name} is within the limits on ${target.name}`,
        `The fastest found: ${overLimits(reachable, limits).join("; ")}.`,
        exitCodes.infeasible,
      );
    drawn(space, measure, limits, { networks, seed });
    const short = { epochs: given.epochs, images: given.images, batch };
    const long = { epochs: given.longEpochs, images: given.longImages ?? given.images, batch };
    if (long.epochs * long.images <= short.epochs * short.images)
      throw new UserError(
        `a long training is ${long.epochs} epochs on ${long.images} images, a short one ${short.epochs} on ${short.images}`,
        "A long one must see more images in all: more --long-epochs or --long-images.",
      );
    const engine = given.engine === "auto" ? await autoEngine(space, dataset, batch, io) : given.engine;
    prepareEngine(engine);
    const ranking = { networks, repeats, short };
    const now = new Date();
    const name = runName("bench-proxy", now);
    const run = await createRun(given.runDir ?? join("runs", name), {
      name,
      createdAt: now.toISOString(),
      version: version(),
      settings: {
        meaning: {
          target: target.name,
          targetModel: modelHash(target.value),
          space,
          maxLatencyMs: given.maxLatency ?? null,
          aim: { objectives: ["accuracy"], limits: besides, reference: [1] },
          strategy: "random",
          strategyOptions: {},
          ranking,
          seed,
          ahead: 1,
          fidelity: long,
          engine,
          data: { name: dataset.name, hash: dataset.hash },
        },
        budget: { trials: 2 * networks * repeats },
        dataDir: given.data === undefined ? null : resolve(given.data),
      },
    });
    return rankingToEnd(run, ranking, dataset, { ...given, io });
  },
});
