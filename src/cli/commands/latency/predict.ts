import { cost } from "../../../graph/cost.js";
import { type PartLatency, type Prediction, predict as predictMs } from "../../../latency/predict.js";
import type { Target } from "../../../latency/target.js";
import * as targets from "../../../latency/targets/index.js";
import { pairs, table } from "../../../report/table.js";
import { showCount, showMs, showPercent } from "../../../report/unit.js";
import { defineCommand } from "../../command.js";
import { printJson } from "../../json.js";
import { networkHelp, openNetwork, resolutionOf } from "../../openNetwork.js";
import * as option from "../../option.js";
import { resumeOptions } from "../../searchOptions.js";

export const predict = defineCommand({
  summary: "predict how long a network takes on a device, and where the time goes",
  description:
    "The interval is what the device's model was off by on networks it had not seen. A prediction\n" +
    "outside the range of networks the model was fitted on says so: extrapolated.",
  examples: [
    "nas latency predict mobilenet_v2_x1_0 --target iphone13-npu",
    'nas latency predict "$(nas space sample rapidnet)" --target iphone13-npu --json',
  ],
  arguments: { network: option.required(option.text(undefined, networkHelp)) },
  options: {
    target: option.required(option.member<Target, undefined>(targets, undefined, "device")),
    space: { ...resumeOptions.space, help: "space of the genome, where it is from a file" },
    json: option.json,
  },
  async run({ network, target, space, json }, io) {
    const named = openNetwork(network, space);
    const found = predictMs(named.network, target.value);
    const { params, macs } = cost(named.network);
    const stages = byStage(found);
    if (json)
      return printJson(io, {
        network: named.name,
        target: target.name,
        genome: named.genome,
        status: "predicted",
        accuracy: null,
        accuracyKind: null,
        latencyMs: found.ms,
        latencyLowMs: found.lowMs,
        latencyHighMs: found.highMs,
        latencyKind: found.extrapolated ? "extrapolated" : "predicted",
        latencyLevel: found.level,
        reasons: found.reasons,
        params,
        macs,
        callMs: found.callMs,
        stages,
      });
    const { error, protocol } = target.value;
    io.print(io.style.bold(`${named.name} on ${target.name}`));
    io.print(
      pairs([
        [
          "latency",
          `${io.style.bold(showMs(found.ms))} (${found.lowMs.toPrecision(3)}-${found.highMs.toPrecision(3)} in ${showPercent(found.level)} of cases), ${found.extrapolated ? "extrapolated" : "predicted"}`,
        ],
        ...found.reasons.map((reason, i) => [i === 0 ? "because" : "", reason] as const),
        [
          "model",
          `${showPercent(error.networkOut.mape)} off on average on ${error.networkOut.n} networks it had not seen; stands for ${protocol}`,
        ],
        [
          "network",
          `${resolutionOf(named.network)} pixels, ${showCount(params)} params, ${showCount(macs)} MACs`,
        ],
      ]),
    );
    io.print("");
    io.print(
      table(
        [
          { title: "stage", of: (s) => s.stage },
          { title: "latency", of: (s) => showMs(s.ms), right: true },
          { title: "share", of: (s) => showPercent(s.share), right: true },
          { title: "kernels", of: (s) => (s.kernels === 0 ? "" : String(s.kernels)), right: true, drop: 1 },
          { title: "MACs", of: (s) => (s.kernels === 0 ? "" : showCount(s.macs)), right: true, drop: 2 },
        ],
        [
          ...stages,
          { stage: "(the call)", ms: found.callMs, share: found.callMs / found.ms, kernels: 0, macs: 0 },
        ],
        io.width,
      ),
    );
  },
});

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
    const took = sum((p) => p.ms);
    return {
      stage,
      ms: took,
      share: took / ms,
      kernels: sum((p) => p.kernels),
      macs: sum((p) => p.macs),
      parts: all,
    };
  });
}
