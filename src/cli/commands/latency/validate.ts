import { exitCodes, UserError } from "../../../base/errors.js";
import { readText } from "../../../base/files.js";
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
  type Validation,
  validate as validated,
} from "../../../latency/validate.js";
import { checkIsHost, type NetworkTimes, networkTimes } from "../../../measure/networkTimes.js";
import { randomNetworks } from "../../../measure/plan.js";
import { pairs, table } from "../../../report/table.js";
import { showMs, showPercent } from "../../../report/unit.js";
import { latencyOf } from "../../../search/latencyOf.js";
import type { Space } from "../../../space/space.js";
import { defineCommand } from "../../command.js";
import type { Io } from "../../io.js";
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
    "With --networks they are measured now, on this computer, in two rounds that tell the noise; none was\n" +
    "used in building the table: --networks 20,mobilenet_v2_x1_0 takes 20 random networks and one by name.\n" +
    "Ends with code 7 when the interval that the device states does not hold: when as few networks\n" +
    "inside it would come about by chance in less than 5 % of cases.",
  examples: [
    "nas latency validate --target iphone13-npu",
    "nas latency validate --target iphone13-npu --csv measured.csv --json",
    "nas latency validate --target host-cpu --space mnasnet --networks 20",
  ],
  options: {
    target: option.required(targetOption("device")),
    networks: option.list(
      undefined,
      "measure networks on this computer: how many random ones of the space, and names of others",
      "n,name,...",
    ),
    csv: option.path(undefined, "measured networks: lines of name,ms under the line name,ms", "file"),
    space: { ...resumeOptions.space, help: "space of the genomes or random networks" },
    json: option.json,
  },
  async run({ target, networks, csv, space, json }, io) {
    if (networks !== undefined && csv !== undefined)
      throw new UserError("--networks and --csv are given", "Give one of them.");
    const here = networks && (await measureHere(networks, target.value, space, io));
    const cases =
      here?.cases ?? (csv === undefined ? leftOut(target.value) : readCases(csv, target.value, space));
    if (cases.length === 0)
      throw new UserError(
        `no whole network of ${target.name} was timed`,
        "Give yours: --csv FILE, lines of name,ms.",
        exitCodes.data,
      );
    const found = validated(cases, target.value.interval.level);
    const { interval, within, worst } = found;
    const code = interval.holds ? exitCodes.ok : exitCodes.untrue;
    const noise = here?.noise ?? null;
    const drift = here?.drift ?? null;
    const basis = here ? "measured now" : csv === undefined ? "left out of the fit" : "measured by you";
    const groups = csv === undefined && !here ? groupErrors(target.value) : [];
    const published = publishedBeside(target.value).map(({ network, ...row }) => ({
      network,
      ...row,
      predictedMs: latencyOf(target.value, null)(null, () => openNetwork(network).network).ms,
    }));
    if (json) {
      printJson(io, {
        target: target.name,
        basis,
        ...found,
        noise,
        drift,
        cases: cases.map(({ shares: _, ...one }) => one),
        groups,
        published,
      });
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
        [
          "noise",
          noise === null
            ? undefined
            : `the same networks measured again: MAPE ${showPercent(noise.mape)}, within 5 %: ${showPercent(noise.within["0.05"])}, 10 %: ${showPercent(noise.within["0.1"])}, Spearman ${rank(noise.spearman)}`,
        ],
        [
          "drift",
          drift === null
            ? undefined
            : `the reference kernel took ${drift[0].toFixed(2)} times what the table says before, ${drift[1].toFixed(2)} times after`,
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
  const [head, ...lines] = readText(file, "It is a CSV file with the columns name,ms.")
    .trimEnd()
    .split(/\r?\n/);
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
    return caseOf(named, measuredMs, target);
  });
}

/** A measured network and what a target predicts of it. */
function caseOf(named: Network, measuredMs: number, target: Target): Case {
  const { ms, lowMs, highMs } = latencyOf(target, named.space)(named.genome, () => named.network);
  const shares = sharesOf(named, target);
  return { network: named.name, measuredMs, predictedMs: ms, lowMs, highMs, shares };
}

/** Networks measured on this computer, and how well a second round of it repeats the first. */
async function measureHere(
  wanted: readonly string[],
  target: Target,
  space: Space | undefined,
  io: Io,
): Promise<{ readonly cases: readonly Case[]; readonly noise: Validation } & Pick<NetworkTimes, "drift">> {
  if (target.kind !== "measured")
    throw new UserError(
      "networks are measured on this computer alone",
      "Take --target host-cpu, or measure on the device and give the times with --csv.",
    );
  checkIsHost(target);
  const used = new Set(target.table.rows.flatMap(({ kind, key }) => (kind === "network" ? [key] : [])));
  const chosen = wanted.flatMap((text): readonly Network[] => {
    if (!/^\d+$/.test(text)) return [openNetwork(text, space)];
    if (space === undefined)
      throw new UserError(`${text} random networks, but of no space`, "Name it with --space.");
    return randomNetworks(space, Number(text), "validate").map(({ key }) => openNetwork(key, space));
  });
  const named = new Map(chosen.map((one) => [one.genome ?? one.name, one]));
  for (const key of named.keys()) if (used.has(key)) named.delete(key);
  const { networks: times, drift } = await networkTimes(
    [...named].map(([key, { network }]) => ({ key, out: network })),
    {
      table: target.table,
      signal: io.signal,
      onProgress: (done, of) => io.status(`${done} of ${of} networks measured`),
    },
  );
  io.status("");
  const level = target.interval.level;
  const again = times.map(({ key, rounds: [first, second] }): Case => {
    return { network: key, measuredMs: second, predictedMs: first, lowMs: first, highMs: first, shares: {} };
  });
  return {
    cases: times.map(({ key, ms }) => caseOf(named.get(key)!, ms, target)),
    noise: validated(again, level),
    drift,
  };
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
