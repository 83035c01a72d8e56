import { UserError } from "../../../base/errors.js";
import { cost } from "../../../graph/cost.js";
import { energyMj } from "../../../graph/energy.js";
import type { PartLatency, Prediction } from "../../../latency/predict.js";
import type { Target } from "../../../latency/target.js";
import { pairs, table } from "../../../report/table.js";
import { showCount, showMj, showMs, showPercent } from "../../../report/unit.js";
import { latencyOf } from "../../../search/latencyOf.js";
import { build, deployedForm } from "../../../space/build.js";
import { parseGenome } from "../../../space/candidate.js";
import type { Space } from "../../../space/space.js";
import { mnasnet } from "../../../space/spaces/index.js";
import { defineCommand } from "../../command.js";
import type { Io } from "../../io.js";
import { printJson } from "../../json.js";
import { measureFirst } from "../../measureFirst.js";
import { type Named as Network, networkHelp, openNetwork, resolutionOf } from "../../openNetwork.js";
import * as option from "../../option.js";
import { resumeOptions } from "../../searchOptions.js";
import { targetOption } from "../../targetOption.js";
import { readGenomes } from "./genomeFile.js";

export const predict = defineCommand({
  summary: "predict how long a network takes on a device, and where the time goes",
  description:
    "The interval is what the device's model was off by on networks it had not seen. A prediction\n" +
    "outside the range of networks the model was fitted on says so: extrapolated.",
  examples: [
    "nas latency predict mobilenet_v2_x1_0 --target iphone13-npu",
    'nas latency predict "$(nas space sample rapidnet)" --target iphone13-npu --json',
    "nas latency predict --space fbnet --genomes genomes.txt --target pixel3-cpu --json",
  ],
  arguments: { network: option.text(undefined, networkHelp) },
  options: {
    target: option.required(targetOption("device")),
    genomes: option.path(
      undefined,
      "predict every genome of a file instead, one a line; of the space fbnet also as 22 operator numbers",
      "file",
    ),
    space: {
      ...resumeOptions.space,
      help: "space of the genomes, where they do not say or it is from a file",
    },
    json: option.json,
  },
  async run({ network, target, genomes, space, json }, io) {
    if ((network === undefined) === (genomes === undefined))
      throw new UserError(
        network === undefined ? "no network" : "a network and --genomes",
        `Name one network (${networkHelp}) or a file: --genomes FILE.`,
      );
    if (genomes !== undefined) return await predictFile(genomes, target, space, json, io);
    const named = openNetwork(network!, space);
    const own = { key: named.genome ?? named.name, out: named.network };
    await measureFirst(target.name, named.space ?? mnasnet, [own], io);
    return predictOne(named, target, json, io);
  },
});

type Device = option.Named<Target>;

/** The fields every prediction has, in JSON. */
const fieldsOf = (genome: string | null, found: Prediction) => ({
  genome,
  status: "predicted",
  accuracy: null,
  accuracyKind: null,
  latencyMs: found.ms,
  latencyLowMs: found.lowMs,
  latencyHighMs: found.highMs,
  latencyKind: kindOf(found),
  latencyLevel: found.level,
  reasons: found.reasons,
});

const kindOf = ({ extrapolated }: Prediction) => (extrapolated ? "extrapolated" : "predicted");

/** Which form of a network the latency is of. */
const formOf = (target: Target) => (target.kind === "blocks" ? target.form : "deployed");

const rangeOf = ({ lowMs, highMs }: Prediction) => `${lowMs.toPrecision(3)}-${highMs.toPrecision(3)}`;

async function predictFile(
  file: string,
  target: Device,
  given: Space | undefined,
  json: boolean,
  io: Io,
): Promise<void> {
  const { space, lines } = readGenomes(file, given);
  await measureFirst(target.name, space, [], io);
  const predict = latencyOf(target.value, space);
  const form = deployedForm(space);
  const found = lines.map(({ line, genome }) => ({
    line,
    genome,
    latency: predict(genome, () => build(space, parseGenome(space, genome), form)),
  }));
  if (json) {
    printJson(io, {
      target: target.name,
      space: space.name,
      form: formOf(target.value),
      predictions: found.map(({ line, genome, latency }) => ({ line, ...fieldsOf(genome, latency) })),
    });
    return;
  }
  io.print(
    table(
      [
        { title: "line", of: (p) => String(p.line), right: true },
        { title: "latency", of: (p) => showMs(p.latency.ms), right: true },
        { title: "interval", of: (p) => rangeOf(p.latency), right: true },
        { title: "kind", of: (p) => kindOf(p.latency), drop: 1 },
        { title: "genome", of: (p) => p.genome },
      ],
      found,
      io.width,
    ),
  );
}

function predictOne(named: Network, target: Device, json: boolean, io: Io): void {
  const found = latencyOf(target.value, named.space)(named.genome, () => named.network);
  const costs = cost(named.network);
  const { params, macs } = costs;
  const stages = byStage(found);
  if (json) {
    printJson(io, {
      network: named.name,
      target: target.name,
      form: formOf(target.value),
      ...fieldsOf(named.genome, found),
      params,
      macs,
      energyMj: energyMj(costs),
      callMs: found.callMs,
      stages,
    });
    return;
  }
  const { error, protocol } = target.value;
  io.print(io.style.bold(`${named.name} on ${target.name}`));
  io.print(
    pairs([
      [
        "latency",
        `${io.style.bold(showMs(found.ms))} (${rangeOf(found)} in ${showPercent(found.level)} of cases), ${kindOf(found)}`,
      ],
      ...found.reasons.map((reason, i) => [i === 0 ? "because" : "", reason] as const),
      [
        "model",
        `${showPercent(error.networkOut.mape)} off on average on ${error.networkOut.n} networks it had not seen; stands for ${protocol}`,
      ],
      [
        "network",
        `${resolutionOf(named.network)} pixels, ${showCount(params)} params, ${showCount(macs)} MACs, ${showMj(energyMj(costs))} energy proxy (not measured)`,
      ],
      [
        "",
        target.value.kind === "blocks" ? `the latency is of another form: ${target.value.form}` : undefined,
      ],
    ]),
  );
  io.print("");
  const rest = target.value.kind === "blocks" ? "(what all of them have)" : "(the call)";
  io.print(
    table(
      [
        { title: "stage", of: (s) => s.stage },
        { title: "latency", of: (s) => showMs(s.ms), right: true },
        { title: "share", of: (s) => showPercent(s.share), right: true },
        { title: "kernels", of: (s) => (s.kernels === null ? "" : String(s.kernels)), right: true, drop: 1 },
        { title: "MACs", of: (s) => (s.macs === null ? "" : showCount(s.macs)), right: true, drop: 2 },
      ],
      [
        ...stages,
        { stage: rest, ms: found.callMs, share: found.callMs / found.ms, kernels: null, macs: null },
      ],
      io.width,
    ),
  );
}

interface StageLatency extends Omit<PartLatency, "part"> {
  readonly stage: string;
  readonly parts: readonly PartLatency[];
}

/** Parts `stage1.0`, `stage1.1`, ... added up to `stage1`, in execution order. */
function byStage({ parts, ms }: Prediction): readonly StageLatency[] {
  const stages = new Map<string, PartLatency[]>();
  for (const part of parts) {
    const stage = part.part.split(".")[0]!;
    stages.set(stage, [...(stages.get(stage) ?? []), part]);
  }
  return [...stages].map(([stage, all]) => {
    const sum = (of: (part: PartLatency) => number) => all.reduce((total, part) => total + of(part), 0);
    const known = (of: "kernels" | "macs") => (all[0]![of] === null ? null : sum((part) => part[of] ?? 0));
    const took = sum((p) => p.ms);
    return {
      stage,
      ms: took,
      share: took / ms,
      kernels: known("kernels"),
      macs: known("macs"),
      parts: all,
    };
  });
}
