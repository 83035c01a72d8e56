import { readFileSync } from "node:fs";
import { exitCodes, UserError } from "../../../base/errors.js";
import { kernels } from "../../../graph/fuse.js";
import { operatorsOf } from "../../../latency/blocks.js";
import { blockShares, kernelShares, type Shares, timedShares } from "../../../latency/shares.js";
import type { Target } from "../../../latency/target.js";
import {
  type Case,
  type GroupError,
  groupErrors,
  leftOut,
  publishedBeside,
  validate as validated,
} from "../../../latency/validate.js";
import { pairs, table } from "../../../report/table.js";
import { showMs, showPercent } from "../../../report/unit.js";
import { latencyOf } from "../../../search/latencyOf.js";
import type { Space } from "../../../space/space.js";
import { defineCommand } from "../../command.js";
import { printJson } from "../../json.js";
import { type Named as Network, networkHelp, openNetwork } from "../../openNetwork.js";
import * as option from "../../option.js";
import { resumeOptions } from "../../searchOptions.js";
import { targetOption } from "../../targetOption.js";

export const validate = defineCommand({
  summary: "check a device's predictions against measured networks",
  description:
    "Without --csv the networks are those of the device's own protocol, each predicted by a model that\n" +
    "was fitted without it. With --csv they are yours: a line `name,ms` for each, the name a\n" +
    `${networkHelp} (in quotes where it has commas).\n` +
    "Ends with code 7 when the interval that the device states does not hold: when as few networks\n" +
    "inside it would come about by chance in less than 5 % of cases.",
  examples: [
    "nas latency validate --target iphone13-npu",
    "nas latency validate --target iphone13-npu --csv measured.csv --json",
  ],
  options: {
    target: option.required(targetOption("device")),
    csv: option.path(undefined, "measured networks: lines of name,ms under the line name,ms", "file"),
    space: { ...resumeOptions.space, help: "space of the genomes, where it is from a file" },
    json: option.json,
  },
  async run({ target, csv, space, json }, io) {
    const cases = csv === undefined ? leftOut(target.value) : readCases(csv, target.value, space);
    const found = validated(cases, target.value.interval.level);
    const { interval, within, worst } = found;
    const code = interval.holds ? exitCodes.ok : exitCodes.untrue;
    const basis = csv === undefined ? "left out of the fit" : "measured by you";
    const groups = csv === undefined ? groupErrors(target.value) : [];
    const published = publishedBeside(target.value).map(({ network, ...row }) => ({
      network,
      ...row,
      predictedMs: latencyOf(target.value, null)(null, () => openNetwork(network).network).ms,
    }));
    if (json) {
      printJson(io, { target: target.name, basis, ...found, groups, published });
      return code;
    }
    io.print(io.style.bold(`${target.name} on ${found.networks} networks ${basis}`));
    const rank = (value: number | null) => (value === null ? "none: all are equal" : value.toFixed(3));
    io.print(
      pairs([
        ["RMSE", showMs(found.rmseMs)],
        ["RMSPE", showPercent(found.rmspe)],
        ["MAPE", showPercent(found.mape)],
        [
          "within",
          `5 %: ${showPercent(within["0.05"])}, 10 %: ${showPercent(within["0.1"])}, 15 %: ${showPercent(within["0.15"])} of networks`,
        ],
        ["Spearman", rank(found.spearman)],
        ["Kendall", rank(found.kendall)],
        [
          "interval",
          `meant for ${showPercent(interval.level)}, held for ${showPercent(interval.held)}: ${interval.holds ? "holds" : "does not hold"}`,
        ],
      ]),
    );
    io.print("");
    io.print(
      table(
        [
          { title: "worst", of: (c) => c.network },
          { title: "measured", of: (c) => showMs(c.measuredMs), right: true },
          { title: "predicted", of: (c) => showMs(c.predictedMs), right: true },
          { title: "error", of: (c) => showPercent(c.error), right: true },
          {
            title: "takes more of its time than of others'",
            of: ({ blame }) =>
              blame === null
                ? ""
                : `${blame.what}: ${showPercent(blame.share)}, usually ${showPercent(blame.usual)}`,
            drop: 1,
          },
        ],
        worst,
        io.width,
      ),
    );
    if (groups.length > 0) {
      io.print("");
      io.print(
        table<GroupError>(
          [
            { title: "networks left out", of: (g) => g.title },
            { title: "networks", of: (g) => String(g.n), right: true },
            { title: "rms log", of: (g) => g.rmsLog.toFixed(3), right: true },
            { title: "mean", of: (g) => showPercent(g.mape), right: true },
          ],
          groups,
          io.width,
        ),
      );
    }
    if (published.length > 0) {
      io.print("");
      io.print(
        table<(typeof published)[number]>(
          [
            { title: "published elsewhere", of: (p) => p.network },
            { title: "published", of: (p) => showMs(p.publishedMs), right: true },
            { title: "predicted", of: (p) => showMs(p.predictedMs), right: true },
            { title: "left out, for that source", of: (p) => showMs(p.leftOutMs), right: true, drop: 2 },
            { title: "source", of: (p) => p.source, drop: 1 },
          ],
          published,
          io.width,
        ),
      );
    }
    return code;
  },
});

/** The networks of a file of measurements, predicted. */
function readCases(file: string, target: Target, space: Space | undefined): readonly Case[] {
  const wrong = (line: number, what: string, right: string) =>
    new UserError(`${file}, line ${line}: ${what}`, right, exitCodes.data);
  const [head, ...lines] = textOf(file).trimEnd().split(/\r?\n/);
  if (head?.trim() !== "name,ms")
    throw wrong(1, `the columns are "${head}"`, "They must be name,ms: the unit is part of the name.");
  if (lines.length === 0) throw wrong(1, "no network follows", "A line for each: name,ms.");
  const seen = new Map<string, number>();
  return lines.map((text, i): Case => {
    const line = i + 2;
    const [, quoted, plain, number] = /^(?:"([^"]*)"|([^,]*)),([^,]*)$/.exec(text) ?? [];
    if (number === undefined) throw wrong(line, `"${text}"`, 'It must be name,ms or "name",ms.');
    const measuredMs = Number(number);
    if (number.trim() === "" || !(measuredMs > 0 && measuredMs < Number.POSITIVE_INFINITY))
      throw wrong(line, `ms is "${number.trim()}"`, "It must be a number above 0.");
    const named = open((quoted ?? plain)!.trim(), space, `${file}, line ${line}`);
    const key = named.genome ?? named.name;
    const before = seen.get(key);
    if (before !== undefined)
      throw wrong(line, `the network is that of line ${before}`, "Give each network once: its median.");
    seen.set(key, line);
    const { ms, lowMs, highMs } = latencyOf(target, named.space)(named.genome, () => named.network);
    return {
      network: named.name,
      measuredMs,
      predictedMs: ms,
      lowMs,
      highMs,
      shares: sharesOf(named, target),
    };
  });
}

/** Where a target has a network's time go. */
function sharesOf({ network, genome }: Network, target: Target): Shares {
  switch (target.kind) {
    case "kernels":
      return kernelShares(kernels(network), target.model);
    case "measured":
      return timedShares(target.time(network), target.model);
    case "blocks":
      return blockShares(operatorsOf(genome!, target.table), target.table);
  }
}

function open(name: string, space: Space | undefined, where: string) {
  try {
    return openNetwork(name, space);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${where}: ${error.message}`, error.whatToDo, exitCodes.data);
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(
      `cannot read ${file}: ${(error as NodeJS.ErrnoException).code}`,
      "It is a CSV file with the columns name,ms.",
      exitCodes.data,
    );
  }
}
