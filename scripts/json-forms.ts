import { z } from "zod";
import { tableForm } from "../src/latency/table.js";
import { calibrationForm } from "../src/latency/tableModel.js";

/** The forms of what commands print with --json. `docs/schemas` is made of them, and tests hold the commands to them. */

const document = <S extends z.core.$ZodLooseShape>(title: string, shape: S) =>
  z.strictObject({ schemaVersion: z.literal(1), ...shape }).meta({ title });

const count = z.int().nonnegative();
const share = z.number().min(0).max(1);
const percent = z.number().min(0).max(100);
const ms = z.number().positive();
const genome = z.string().describe("canonical line of the candidate");
const cost = {
  params: z.int().positive().describe("learned numbers"),
  macs: z.int().positive().describe("multiply-accumulates; not FLOPs"),
};
const energyMj = z
  .number()
  .positive()
  .describe(
    "energy proxy of one forward pass, millijoules: an estimate from MACs and bytes moved, not measured",
  );
const latencyKind = z
  .enum(["predicted", "extrapolated", "measured"])
  .describe("extrapolated: predicted outside what the target's model was fitted on");
const latency = {
  latencyMs: ms.describe("one forward pass of the deployed form, batch 1"),
  latencyLowMs: ms,
  latencyHighMs: ms,
  latencyKind,
};
const accuracyKind = z
  .enum(["proxy", "shared", "retrained"])
  .describe("proxy: after a short training of the small form; it ranks networks, no more");

const epoch = z.strictObject({
  epoch: z.int().positive(),
  loss: z.number(),
  trainAccuracy: share,
  validationAccuracy: share,
  validated: count.describe("validation images that validationAccuracy is of"),
  seconds: z.number().nonnegative(),
  images: count.describe("training images seen"),
});

const asked = {
  number: count.describe("ask order, from 0"),
  genome,
  hash: z.string().length(16),
  ...latency,
  ...cost,
  peakActivationBytes: z.int().positive().describe("most bytes of feature maps alive at once, float32"),
  energyMj: energyMj.nullable().describe("energy proxy, millijoules, not measured; null in older ledgers"),
  rejected: count.describe("draws over the latency limit before this one"),
  askedEpochs: z
    .int()
    .positive()
    .nullable()
    .describe("epochs a schedule asked for; null for all that the run has"),
  duplicateOf: count.nullable().describe("the earlier trial of the same network, whose answer it shares"),
  epochs: z.array(epoch),
  seconds: z.number().nonnegative(),
};

const winner = z
  .strictObject({
    ...asked,
    status: z.literal("scored"),
    why: z.null(),
    accuracy: share.describe("on the validation images"),
    accuracyKind,
    score: z.null(),
    engine: z.string(),
  })
  .meta({ title: "The best trial of a run" });

const rated = z.strictObject({
  ...asked,
  status: z.literal("rated").describe("ranked by the run's zero-cost proxy, not trained"),
  why: z.null(),
  accuracy: z.null(),
  accuracyKind: z.null(),
  score: z.number().describe("by the run's proxy, higher is better; no accuracy"),
  engine: z.string().nullable().describe("null where nothing had to run"),
});

const unscored = z.strictObject({
  ...asked,
  status: z.enum(["skipped", "failed"]).describe("skipped: over the limit, not trained"),
  why: z.string(),
  accuracy: z.null(),
  accuracyKind: z.null(),
  score: z.null(),
  engine: z.string().nullable(),
});

const trial = z
  .discriminatedUnion("status", [winner, rated, unscored])
  .meta({ title: "One network that was asked about, and the answer" });

const counts = z.strictObject({
  planned: count,
  done: count,
  scored: count,
  rated: count.describe("by a zero-cost proxy, not trained"),
  failed: count,
  skipped: count,
  duplicates: count,
  rejected: count.describe("candidates the latency estimate turned down before they became trials"),
});

const fidelity = z.strictObject({ epochs: count, images: count, batch: count });

const schedule = z.strictObject({
  name: z.string(),
  options: z.record(z.string(), z.union([z.number(), z.string()])),
});

const aim = {
  objectives: z
    .array(z.enum(["accuracy", "score", "latency", "params", "macs", "memory", "energy"]))
    .min(1)
    .max(3)
    .describe("score: of the proxy, nothing is trained"),
  proxy: z
    .string()
    .nullable()
    .describe("zero-cost proxy whose score is the first objective; null where it is accuracy"),
  weight: z
    .number()
    .optional()
    .describe(
      "exponent of the one number that the objectives were made into; absent where accuracy alone ranks",
    ),
  limits: z
    .strictObject({
      params: z.int().positive().optional(),
      macs: z.int().positive().optional(),
      peakActivationBytes: z.int().positive().optional(),
      energyMj: z.number().positive().optional().describe("by the energy proxy"),
    })
    .describe("besides the latency limit"),
  reference: z
    .array(z.number().positive())
    .describe(
      "where hypervolume is measured from, none beside a score: for each objective error 0..1, ms, counts, bytes or mJ",
    ),
};

const agreement = {
  spearman: z.number().min(-1).max(1),
  interval: z.tuple([z.number(), z.number()]).nullable().describe("of spearman, 95 %"),
  kendall: z.number().min(-1).max(1),
};

const sharedAccuracy = share.describe("with the supernet's weights, on held-out images: shared, never proxy");

const supernet = z
  .strictObject({
    seconds: z.number().nonnegative(),
    epochs: z.array(
      z.strictObject({
        epoch: z.int().positive(),
        checkpoint: z.string().length(32).describe("content hash of all that was learned by then"),
        loss: z.number().describe("mean over the steps on weights"),
        expectedMs: ms.describe("mean latency of the networks that the architecture parameters draw"),
        latencyWeight: z.number().positive().describe("as the controller left it"),
        guarded: z
          .strictObject({
            freeShare: share
              .nullable()
              .describe("probability of candidates without weights; null where none is"),
            entropy: share.describe("of decisions, as a share of the largest there is"),
            accuracy: sharedAccuracy,
            derivedAccuracy: sharedAccuracy
              .nullable()
              .describe("of the network derived now; null where none is within the limit"),
            signs: z.array(z.enum(["free", "settled", "gap"])).describe("of collapse"),
            rests: z.boolean().describe("architecture parameters rest in the next epoch"),
            dropout: share.describe("of the steps on weights leave out candidates without weights"),
            collapse: z.string().nullable().describe("signs, and what was done, in words"),
          })
          .nullable()
          .describe("null where there are no architecture parameters"),
        heapBytes: count.describe("most the engine held"),
        seconds: z.number().nonnegative(),
      }),
    ),
    scored: z.array(
      z.strictObject({
        genome,
        accuracy: sharedAccuracy,
        accuracyKind: z.literal("shared"),
        loss: z
          .number()
          .nonnegative()
          .nullable()
          .describe("cross-entropy of the same images, which networks are ranked by; null in runs of before"),
        seconds: z.number().nonnegative(),
        trial: count.nullable().describe("that trained it on its own, if one did"),
      }),
    ),
    trust: z
      .strictObject({
        networks: count.describe("drawn evenly, scored with the supernet's weights and trained on their own"),
        ...agreement,
        loss: z.strictObject(agreement).nullable().describe("of shared losses, which the search goes by"),
      })
      .nullable()
      .describe("whether shared accuracies rank networks; null without --trust"),
  })
  .nullable()
  .describe("null where the strategy trains none");

const baseline = {
  draws: count.describe("the run's own random draws that it rests on"),
  budget: count.describe(
    "random networks compared: as many as trials were scored or rated, and as a supernet's time would have trained",
  ),
  error: z.number().nonnegative().describe("standard error of it"),
  verdict: z.enum(["beats", "not told apart", "does not beat"]),
};

const run = {
  run: z.string(),
  dir: z.string(),
  target: z.string(),
  space: z.string(),
  maxLatencyMs: ms.nullable().describe("null without a limit"),
  ...aim,
  strategy: z.string(),
  schedule: schedule.nullable().describe("null where every network is trained fully"),
  warmUp: z
    .strictObject({ proxy: z.string(), draws: count })
    .nullable()
    .describe("the first networks are those the proxy scores highest of so many"),
  filter: z
    .strictObject({ proxy: z.string(), quantile: share })
    .nullable()
    .describe("candidates the proxy scores below this quantile of the recent ones are drawn again"),
  screening: z
    .strictObject({
      drawn: count.describe("networks scored for the warm-up"),
      looked: count.describe("candidates scored by the filter"),
      redrawn: count.describe("of those, drawn again"),
      seconds: z.number().nonnegative().describe("of scoring, over all workers"),
    })
    .nullable()
    .describe("null where no proxy screened candidates"),
  seed: count,
  fidelity,
  counts,
  winner: z
    .discriminatedUnion("status", [winner, rated])
    .nullable()
    .describe("null while no trial is scored; of a run after a proxy's score the highest rated"),
  front: z
    .array(z.discriminatedUnion("status", [winner, rated]))
    .describe(
      "trials no other beats in all objectives at once, by the last objective; with one objective in accuracy and latency",
    ),
  hypervolume: share.nullable().describe("of the front, as a share of the box up to the reference"),
  knee: count.nullable().describe("trial where the front bends most; null with one objective"),
  baseline: z
    .union([
      z.strictObject({ ...baseline, accuracy: share.describe("expected best of so many random networks") }),
      z.strictObject({
        ...baseline,
        score: z
          .number()
          .describe("expected highest of so many: by the proxy, or of the one number of the objectives"),
      }),
    ])
    .nullable()
    .describe("random search at the same budget; null where the ledger does not tell"),
  supernet,
};

const correlation = z.number().nullable().describe("-1..1; null where either side is all equal");

const equalTime = z.strictObject({
  seconds: z.number().nonnegative().describe("of training and scoring, after which runs are compared"),
  workers: z.int().positive().describe("on which the ledgers' times are put"),
  runs: z
    .array(
      z.strictObject({
        run: z.string(),
        dir: z.string(),
        strategy: z.string(),
        strategyOptions: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
        schedule: schedule.nullable(),
        seed: count,
        seconds: z.number().nonnegative().describe("its whole time"),
        trained: count.describe("networks, by the time compared"),
        accuracy: share.nullable().describe("of the best by the time compared; null where none was trained"),
        accuracyKind: z.literal("proxy"),
        validated: count.nullable().describe("validation images that accuracy is of"),
        bestOfAll: share.nullable().describe("in its whole time"),
      }),
    )
    .describe("the best first"),
});

const reference = z.strictObject({
  name: z.string(),
  hash: z.string(),
  synthetic: z.boolean(),
  train: count,
  validation: count,
});

const search = document("What nas search and nas resume end with", {
  ...run,
  equalTime: equalTime
    .nullable()
    .describe("beside runs of its task in the same folder; null where there are none"),
  data: reference,
  coverage: z.strictObject({
    share: share.describe("of the space's networks, predicted without extrapolating"),
    drawn: count.nullable().describe("networks drawn to tell; null where the target's table tells exactly"),
    missing: z.array(z.strictObject({ what: z.string(), share: share.describe("of the networks") })),
  }),
  predictor: z
    .strictObject({
      predictor: z.string(),
      encoding: z.string(),
      folds: count,
      skill: z
        .strictObject({
          held: count.describe("networks, each held out once"),
          spearman: correlation,
          kendall: correlation,
          error: z.number().nonnegative().describe("root mean squared, of accuracy 0..1"),
        })
        .nullable()
        .describe("null with fewer than 10 networks"),
    })
    .nullable()
    .describe("how well the strategy's predictor foretells trials held out; null where it predicts nothing"),
  next: z.array(z.string()).describe("commands to go on with"),
});

const interval = z
  .tuple([z.number(), z.number()])
  .nullable()
  .describe("95 %, of one ranking of so many networks; null with too few");
const deviation = z.number().nonnegative();
const spread = z
  .strictObject({
    repeats: deviation.nullable().describe("of one network over its repeats; null with one"),
    networks: deviation.describe("between networks; with repeats, what these add to it is taken off"),
    share: deviation.nullable().describe("variance over repeats, of the variance between networks"),
  })
  .describe("deviations of accuracy 0..1");
const effort = z
  .strictObject({
    seconds: deviation,
    macs: z.number().positive().describe("multiply-accumulates of the forward passes over training images"),
  })
  .describe("of a training, on average");
const benchProxy = document("How well short training ranks networks against long training", {
  run: z.string(),
  dir: z.string(),
  target: z.string(),
  space: z.string(),
  maxLatencyMs: ms.nullable().describe("null without a limit"),
  limits: aim.limits,
  seed: count,
  data: reference,
  engine: z.string(),
  networks: count,
  repeats: count,
  short: fidelity,
  long: fidelity,
  counts,
  results: z
    .strictObject({
      networks: count.describe("all of whose trainings ended well: what the rest is of"),
      leftOut: count,
      agreements: z.array(
        z.strictObject({
          by: z
            .enum(["short", "short-mean", "long", "params", "macs"])
            .describe("short: one short training; long: one long training, against the mean of the others"),
          spearman: correlation.describe("with the mean of the long trainings; the mean over repeats"),
          spearmanInterval: interval,
          kendall: correlation.describe("tau-b"),
          kendallInterval: interval,
        }),
      ),
      spread: z.strictObject({ short: spread, long: spread }),
      cost: z.strictObject({ short: effort, long: effort }),
      picked: z
        .strictObject({
          genome,
          rank: z.int().positive().describe("by long training"),
          accuracy: share.describe("mean of its long trainings"),
          best: share.describe("of the network best by long training"),
        })
        .describe("the network that short training ranks first"),
    })
    .nullable()
    .describe("null where fewer than two networks were trained well every time"),
});

const inPart = count.nullable().describe("null where the target's model does not look into the part");
const part = { ms: z.number().nonnegative(), share, kernels: inPart, macs: inPart };

const prediction = {
  genome: genome.nullable().describe("null for a network that is of no space"),
  status: z.literal("predicted"),
  accuracy: z.null(),
  accuracyKind: z.null(),
  ...latency,
  latencyLevel: share.describe("share of networks whose latency lies between the low and the high"),
  reasons: z.array(z.string()).describe("why it is extrapolated; empty when it is not"),
};
const form = z
  .string()
  .describe("form of the network that the latency is of: deployed, or what was measured");

const error = z.strictObject({
  n: count.describe("latencies"),
  rmsLog: z.number().nonnegative().describe("root of the mean squared ln(predicted / measured)"),
  mape: z.number().nonnegative().describe("mean of |predicted / measured - 1|"),
});
const errors = {
  inSample: error,
  networkOut: error.describe("on networks left out of the fit"),
  baseline: error.describe("networkOut of a plain fit on MACs and params"),
};
const range = z.tuple([z.number(), z.number()]);
const targetEntry = {
  name: z.string(),
  fullName: z.string().describe("with the word for its protocol, where it has one"),
  title: z.string(),
  device: z.string(),
  soc: z.string(),
  os: z.string(),
  runtime: z.string(),
  dtype: z.string(),
  protocol: z.string().describe("whose way of measuring the predictions stand for"),
  source: z.string(),
  model: z
    .enum(["kernels", "blocks", "measured"])
    .describe(
      "kernels: any network; blocks: genomes of one space; measured: any network, by a table of kernels",
    ),
  measurements: count.describe("measured latencies that the model was fitted to"),
  error: z.union([
    z.strictObject(errors),
    z.strictObject({
      ...errors,
      familyOut: error,
      otherSources: error.nullable(),
      families: z.array(error.extend({ family: z.string() })),
    }),
  ]),
  interval: z.strictObject({
    level: share,
    halfWidth: z
      .number()
      .nonnegative()
      .describe("a prediction's interval is ms times exp of plus or minus this"),
    halfWidthOutside: z.number().nonnegative().optional(),
    extrapolated: z.number().nonnegative().optional(),
  }),
  validity: z.union([
    z.strictObject({
      macs: range,
      params: range,
      kernels: range,
      resolution: range,
      channels: range,
      kernelSize: range,
      traits: z.array(z.string()),
    }),
    z.strictObject({ space: z.string(), form }),
    z.strictObject({ kernels: count, blocks: count, networks: count }).describe("rows of the table"),
  ]),
  validFor: z.string(),
};

const spaceEntry = {
  name: z.string(),
  stages: z.int().positive(),
  size: z.string().regex(/^\d+$/).describe("how many networks, exactly; too large for a number"),
};

/** By the command's words, and the parts that several share. */
export const forms = {
  trial,
  winner,
  search,
  resume: z.union([search, benchProxy]),
  "bench-proxy": benchProxy,
  show: document("A run and its trials", {
    ...run,
    createdAt: z.iso.datetime(),
    version: z.string().describe("of the nas that made it"),
    targetModel: z.string().describe("hash of the target's latency model"),
    strategyOptions: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
    ranking: z
      .strictObject({ networks: count, repeats: count, short: fidelity })
      .nullable()
      .describe("of a run of nas bench proxy, whose fidelity is the long one; null of a search"),
    ahead: count,
    engine: z.string(),
    data: z.strictObject({ name: z.string(), hash: z.string() }),
    dataDir: z.string().nullable(),
    trials: z.array(trial).describe("in ask order; with --trial that one alone"),
  }),
  compare: document("Runs of one task after equal time", equalTime.shape),
  runs: document("Runs in a folder, newest first", {
    runs: z.array(
      z.strictObject({
        name: z.string(),
        dir: z.string(),
        createdAt: z.iso.datetime().nullable(),
        target: z.string().nullable(),
        space: z.string().nullable(),
        strategy: z.string().nullable(),
        trials: count.nullable().describe("finished"),
        planned: count.nullable(),
        maxLatencyMs: ms.nullable(),
        bestAccuracy: share.nullable(),
        bestLatencyMs: ms.nullable(),
        why: z.string().nullable().describe("why the run cannot be read; all else is null then"),
      }),
    ),
  }),
  "latency-predict": document("Latency of a network on a device", {
    network: z.string().describe("zoo name, name of the spec, or hash of the genome"),
    target: z.string(),
    form,
    ...prediction,
    ...cost,
    energyMj,
    callMs: z.number().nonnegative().describe("what is in no stage; with the stages it adds up"),
    stages: z.array(
      z.strictObject({
        stage: z.string(),
        ...part,
        parts: z.array(z.strictObject({ part: z.string(), ...part })),
      }),
    ),
  }),
  "latency-predict-genomes": document("Latency of every genome of a file on a device", {
    target: z.string(),
    space: z.string(),
    form,
    predictions: z.array(z.strictObject({ line: z.int().positive(), ...prediction, genome })),
  }),
  "latency-kit": document("Models to measure on another device", {
    dir: z.string(),
    kit: z.string().length(16).describe("hash of the manifest, by which results say of which kit they are"),
    target: z.string(),
    format: z.string(),
    space: z.string(),
    kernels: count,
    blocks: count,
    networks: count,
  }),
  "latency-import": document("A table made of latencies measured elsewhere", {
    file: z.string(),
    target: z.string(),
    from: z.string().describe("the importer that read it"),
    device: z.string(),
    rows: z.strictObject({ kernels: count, blocks: count, networks: count }),
    notes: z.array(z.string()).describe("what was left out and why, and what else to know"),
    error: z
      .strictObject({ n: count, rmsLog: z.number().nonnegative(), mape: z.number().nonnegative() })
      .nullable()
      .describe("on whole networks left out; null where the table has too few to tell"),
  }),
  "latency-validate": document("A device's predictions against measured networks", {
    target: z.string(),
    basis: z.enum(["left out of the fit", "measured by you", "measured now"]),
    networks: count,
    rmseMs: z.number().nonnegative(),
    rmspe: z.number().nonnegative(),
    mape: z.number().nonnegative(),
    within: z.strictObject({ "0.05": share, "0.1": share, "0.15": share }).describe("share of networks"),
    spearman: z.number().nullable(),
    kendall: z.number().nullable().describe("tau-b"),
    interval: z.strictObject({
      level: share.describe("share of networks the stated interval is meant for"),
      held: share,
      holds: z.boolean().describe("exit code 7 when not"),
    }),
    noise: z
      .looseObject({ mape: z.number(), spearman: z.number().nullable() })
      .nullable()
      .describe("of networks measured now: a first round as a prediction of a second"),
    drift: z
      .tuple([z.number().positive(), z.number().positive()])
      .nullable()
      .describe("of networks measured now: the reference kernel before and after, of what the table says"),
    cases: z
      .array(z.strictObject({ network: z.string(), measuredMs: ms, predictedMs: ms, lowMs: ms, highMs: ms }))
      .describe("every network"),
    groups: z
      .array(z.strictObject({ title: z.string(), n: count, rmsLog: z.number(), mape: z.number() }))
      .describe("networks left out, in the groups the target tells apart"),
    published: z.array(
      z.strictObject({
        network: z.string(),
        source: z.string(),
        publishedMs: ms,
        leftOutMs: ms.describe("by a fit without the network, for that source's way of measuring"),
        predictedMs: ms.describe("for the target's own protocol"),
      }),
    ),
    worst: z.array(
      z.strictObject({
        network: z.string(),
        measuredMs: ms,
        predictedMs: ms,
        lowMs: ms,
        highMs: ms,
        error: z.number().describe("predicted / measured - 1"),
        blame: z
          .strictObject({ what: z.string(), share, usual: share })
          .nullable()
          .describe("what takes more of its predicted time than of the others'"),
      }),
    ),
  }),
  "latency-plan": document("How much there is to measure for a space", {
    families: count,
    kernels: count,
    fewestKernels: count.describe("if all others can be told from these"),
    blocks: count,
    networks: count,
    minutes: z.tuple([z.number(), z.number()]).describe("if the fewest kernels are measured, and if all are"),
    perFamily: z.array(z.strictObject({ family: z.string(), kernels: count, fewest: count })),
  }),
  "latency-measure": document("What measuring this computer came to", {
    target: z.string(),
    file: z.string(),
    rows: z.strictObject({ kernels: count, blocks: count, networks: count }).describe("of the table now"),
    told: count.describe("kernels not measured, as they can be told from others"),
    failed: z.array(z.strictObject({ key: z.string(), why: z.string() })),
    worstDrift: z
      .number()
      .positive()
      .describe("the reference kernel at its slowest, of what it took at first"),
    seconds: count,
    model: z.strictObject({ rows: z.string(), form: z.string() }).nullable(),
    error: error.nullable().describe("on networks left out of what they are predicted by"),
    interval: calibrationForm.shape.interval.nullable(),
  }),
  "latency-show": document("A table of latencies: its file, but for rows of kinds not asked for", {
    ...tableForm.shape,
    rows: z.array(tableForm.shape.rows.element),
    counts: z.strictObject({ kernels: count, blocks: count, networks: count }),
    fusions: z
      .array(
        z.strictObject({
          first: z.string(),
          second: z.string(),
          firstMs: ms,
          secondMs: ms,
          bothMs: ms,
          fused: z.boolean(),
        }),
      )
      .describe("fused: T1 + T2 - T12 > 0.5 min(T1, T2)"),
  }),
  "latency-diff": document("Two tables, row by row", {
    both: count,
    onlyA: count,
    onlyB: count,
    medianRatio: z.number().positive().nullable().describe("second / first"),
    within10: share.nullable().describe("of the rows in both, within 10 %"),
    differentIn: z.array(z.string()).describe("fields in which the tables are not of one device"),
    rows: z.array(
      z.strictObject({
        kind: z.enum(["kernel", "block", "network"]),
        key: z.string(),
        a: ms.nullable(),
        b: ms.nullable(),
        ratio: z.number().positive().nullable(),
      }),
    ),
  }),
  "latency-merge": document("A table made of two", {
    file: z.string(),
    rows: count,
    error: error.nullable(),
  }),
  "target-list": document("Devices and the errors of their latency models", {
    targets: z.array(z.strictObject(targetEntry)),
    benchmarks: z
      .array(z.strictObject({ name: z.string(), devices: z.array(z.string()) }))
      .describe(
        "devices of tabular benchmarks, where every network was timed; none without --benchmark-data",
      ),
  }),
  "target-show": document("One device, with its model's numbers", {
    ...targetEntry,
    calibration: calibrationForm.optional().describe("how rows of a table add up to a network"),
    parameters: z.record(z.string(), z.union([z.number(), z.record(z.string(), z.number())])).optional(),
    offsets: z
      .record(z.string(), z.number())
      .optional()
      .describe("ln of how many times slower each source measures than the protocol"),
    rows: z
      .array(
        z.strictObject({
          network: z.string(),
          family: z.string(),
          source: z.string(),
          ms,
          fittedMs: ms,
          heldOutMs: ms,
          shares: z.record(z.string(), share).describe("where the fitted time goes"),
        }),
      )
      .optional(),
    table: z
      .strictObject({
        space: z.string(),
        operators: z.array(z.string()),
        restMs: z.number().nonnegative(),
        ms: z.array(z.array(z.number().nonnegative())),
      })
      .optional()
      .describe("milliseconds more than a skip: a row a layer, a number an operator"),
  }),
  "zoo-list": document("Published networks with their exact costs", {
    networks: z.array(
      z.strictObject({
        name: z.string(),
        title: z.string(),
        resolution: z.int().positive(),
        ...cost,
        energyMj,
        publishedTop1: share.nullable().describe("ImageNet top-1 accuracy that its authors report"),
      }),
    ),
  }),
  "zoo-show": document("One published network", {
    name: z.string(),
    title: z.string(),
    resolution: z.int().positive(),
    ...cost,
    weightBytes: count,
    trafficBytes: count,
    peakActivationBytes: count,
    energyMj,
    receptiveField: count.nullable().describe("pixels across; null when every position sees all of them"),
    source: z.string(),
    published: z
      .strictObject({
        params: z.number().optional(),
        macs: z.number().optional(),
        top1: share.optional(),
        source: z.string(),
      })
      .nullable()
      .describe("what its authors report, rounded as they print it"),
    parts: z.array(
      z.strictObject({
        part: z.string(),
        output: z.tuple([count, count, count]).describe("channels, height and width"),
        params: count,
        macs: count,
      }),
    ),
  }),
  "space-list": document("Built-in search spaces", {
    spaces: z.array(z.strictObject({ ...spaceEntry, title: z.string(), resolution: z.int().positive() })),
  }),
  "space-show": document("One search space", {
    size: spaceEntry.size,
    space: z.looseObject({ name: z.string(), stages: z.array(z.looseObject({ name: z.string() })) }),
  }),
  "space-sample": document("Networks drawn from a space", {
    space: z.string(),
    seed: count,
    samples: z.array(z.strictObject({ genome, hash: z.string().length(16), ...cost, energyMj })),
  }),
  "space-validate": document("A space file that is right", { valid: z.literal(true), ...spaceEntry }),
  "proxies-correlate": document("How proxies rank networks, against their trained accuracy", {
    run: z.string().nullable().describe("whose trials; null for a benchmark"),
    benchmark: z.literal("nasbench201").nullable(),
    dataset: z.string(),
    epochs: z.int().positive().describe("of the training that gave the accuracies"),
    networks: count,
    engine: z.string().nullable().describe("what computed the scores; null for those of a benchmark's table"),
    results: z
      .array(
        z.strictObject({
          proxy: z.string(),
          isBaseline: z.boolean().describe("params and macs: what a proxy must beat"),
          networks: count.describe("those the proxy has a score of"),
          spearman: z.number().min(-1).max(1).nullable().describe("null where all scores are equal"),
          spearmanInterval: z
            .tuple([z.number().min(-1).max(1), z.number().min(-1).max(1)])
            .nullable()
            .describe("95 % interval of spearman"),
          kendall: z.number().min(-1).max(1).nullable().describe("tau-b"),
          seconds: z.number().nonnegative().nullable().describe("to score a network, on average"),
        }),
      )
      .describe("the best first"),
  }),
  "bench-strategies": document("Strategies compared on a benchmark; accuracies and hypervolumes in percent", {
    benchmark: z.strictObject({
      name: z.string(),
      options: z.record(z.string(), z.string()),
      title: z.string(),
      networks: count,
    }),
    metric: z.enum(["accuracy", "hypervolume"]),
    unit: z.literal("percent"),
    ahead: z.int().positive().describe("queries asked before the oldest is known"),
    optimum: z
      .union([
        z.strictObject({ genome, accuracy: percent, testAccuracy: percent }),
        z.strictObject({
          hypervolume: percent,
          front: z.array(z.strictObject({ genome, accuracy: percent, latencyMs: ms })),
        }),
      ])
      .describe("the best there is"),
    reference: z
      .tuple([share, ms])
      .optional()
      .describe("where hypervolume is measured from: error 0..1, milliseconds; percent is of that box"),
    results: z.array(
      z.strictObject({
        strategy: z.string(),
        options: z.record(z.string(), z.union([z.number(), z.string()])),
        schedule: schedule.nullable().describe("null where every network is trained fully"),
        queries: count.describe("full trainings; with a schedule as many epochs as that"),
        seeds: count,
        mean: percent.describe("over the seeds, of the best found"),
        std: z.number().nonnegative(),
        testMean: percent.optional().describe("test accuracy of the network with the best accuracy"),
      }),
    ),
    random: z
      .array(z.strictObject({ queries: count, mean: percent, std: z.number().nonnegative() }))
      .optional()
      .describe("the best of as many random draws, exactly"),
    tests: z.array(
      z.strictObject({
        a: z.string(),
        b: z.string(),
        queries: count,
        difference: z.number().describe("mean of a - b"),
        p: share.describe("Wilcoxon signed-rank over the seeds, two-sided"),
        pHolm: share.describe("corrected for all pairs at this number of queries"),
      }),
    ),
  }),
  doctor: document("What nas found on this machine", {
    ok: z.boolean(),
    checks: z.array(
      z.strictObject({
        name: z.string(),
        ok: z.boolean(),
        found: z.string(),
        whatToDo: z.string().optional(),
      }),
    ),
  }),
  export: document("A file written", {
    file: z.string(),
    format: z.string(),
    sizeBytes: z.int().positive(),
    checked: z.string().describe("what was compared after reading it back"),
    trial: count,
    genome,
    hash: z.string().length(16),
  }),
} satisfies Record<string, z.ZodType>;
