import { kebab, lookup } from "../../../base/lookup.js";
import { costOf } from "../../../export/spec.js";
import { macsOf, paramsOf } from "../../../graph/cost.js";
import { energyMj } from "../../../graph/energy.js";
import { parts } from "../../../graph/node.js";
import { pairs, table } from "../../../report/table.js";
import { showBytes, showCount, showMj, showPercent } from "../../../report/unit.js";
import type { ZooEntry } from "../../../space/zoo/entry.js";
import * as zoo from "../../../space/zoo/index.js";
import { defineCommand } from "../../command.js";
import { printJson } from "../../json.js";
import * as option from "../../option.js";

export const show = defineCommand({
  summary: "show one network: cost, source, and what each of its parts costs",
  examples: ["nas zoo show rapidnet_ti", "nas zoo show mobilenet_v2_x1_0 --json"],
  arguments: { network: option.required(option.text(undefined, "name, as nas zoo list prints it", "name")) },
  options: { json: option.json },
  async run({ network, json }, io) {
    const { title, resolution, source, published, build } = lookup<ZooEntry>(zoo, network, "network");
    const name = Object.keys(zoo).find((key) => kebab(key) === kebab(network))!;
    const out = build();
    const cost = costOf(out);
    const rows = parts(out).map((part) => ({
      part: part.name,
      output: part.nodes.at(-1)!.shape,
      params: part.nodes.reduce((sum, node) => sum + paramsOf(node), 0),
      macs: part.nodes.reduce((sum, node) => sum + macsOf(node), 0),
    }));
    if (json)
      return printJson(io, {
        name,
        title,
        resolution,
        ...cost,
        energyMj: energyMj(cost),
        source,
        published: published ?? null,
        parts: rows,
      });
    io.print(io.style.bold(`${name}: ${title}`));
    io.print(
      pairs([
        ["input", `${resolution} x ${resolution} pixels`],
        ["params", `${showCount(cost.params)} (${cost.params})`],
        ["MACs", `${showCount(cost.macs)} (${cost.macs})`],
        ["weights", `${showBytes(cost.weightBytes)} in float32`],
        ["activations", `${showBytes(cost.peakActivationBytes)} at once at most, in float32`],
        ["energy", `${showMj(energyMj(cost))} by a proxy (an estimate, not measured)`],
        ["sees", cost.receptiveField === null ? "the whole image" : `${cost.receptiveField} pixels across`],
        ["published", published && publishedWords(published)],
        ["source", source],
      ]),
    );
    io.print("");
    io.print(
      table(
        [
          { title: "part", of: (r) => r.part },
          { title: "output", of: (r) => r.output.join(" x ") },
          { title: "params", of: (r) => showCount(r.params), right: true },
          { title: "MACs", of: (r) => showCount(r.macs), right: true },
        ],
        rows,
        io.width,
      ),
    );
  },
});

function publishedWords({ params, macs, top1, source }: NonNullable<ZooEntry["published"]>): string {
  const figures = [
    ...(params === undefined ? [] : [`${showCount(params)} params`]),
    ...(macs === undefined ? [] : [`${showCount(macs)} MACs`]),
    ...(top1 === undefined ? [] : [`${showPercent(top1)} ImageNet top-1`]),
  ];
  return `${figures.join(", ")} (${source})`;
}
