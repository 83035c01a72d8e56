import { availableParallelism } from "node:os";
import { exitCodes, UserError } from "../../../base/errors.js";
import { hostName } from "../../../latency/openTarget.js";
import { tablePath } from "../../../latency/tableFolder.js";
import { measureHost } from "../../../measure/measureHost.js";
import { effortOf, type NamedNetwork, planOf } from "../../../measure/plan.js";
import { pairs } from "../../../report/table.js";
import { showDuration, showPercent } from "../../../report/unit.js";
import type { Space } from "../../../space/space.js";
import { defineCommand } from "../../command.js";
import { printJson } from "../../json.js";
import { openNetwork } from "../../openNetwork.js";
import * as option from "../../option.js";
import { resumeOptions } from "../../searchOptions.js";

/** What a table is to be made for. */
export const planOptions = {
  space: { ...resumeOptions.space, help: `${resumeOptions.space.help}; every kernel it can have` },
  networks: option.list(
    undefined,
    "zoo networks or spec files whose kernels are measured, separated by commas",
    "name,...",
  ),
  blocks: option.flag("measure every block of the space, too, not only some"),
};

/** @throws UserError  when nothing is named */
export function planFrom(given: option.Given<typeof planOptions>) {
  if (given.space === undefined && given.networks === undefined)
    throw new UserError("nothing to measure for", "Name a space with --space, or networks with --networks.");
  const spaces: readonly Space[] = given.space === undefined ? [] : [given.space];
  const networks = (given.networks ?? []).map((text): NamedNetwork => {
    const { name, genome, network } = openNetwork(text, given.space);
    return { key: genome ?? name, out: network };
  });
  return { spaces, plan: planOf(spaces, networks, given.blocks) };
}

export const measure = defineCommand({
  summary: "measure this computer: a table of kernel latencies that serves as a target",
  description:
    "Every fused kernel that networks of the space can have becomes a small ONNX model and is timed by\n" +
    "onnxruntime in a process of its own, until its median is known to 2 % or a limit is reached, at least\n" +
    "twice. Of kernels that differ in channels and size alone, the rest is left when it can be told from\n" +
    "those measured. Some blocks and 16 random networks are measured, too, to learn what a sum of kernels\n" +
    "leaves out, and to state its error.\n" +
    "A session that is stopped, however hard, goes on where it was when the command is given again. A\n" +
    "table that is there gets the rows it lacks; of --networks the kernels alone.",
  examples: [
    "nas latency measure --target host-cpu --space mnasnet",
    "nas latency measure --target host-cpu --networks mobilenet_v2_x1_0,repvit_m1_0",
    "nas latency measure --target host-cpu --space my-space.yaml --threads 2 --out two-threads.json",
  ],
  options: {
    target: option.required(option.word([hostName], undefined, "device to measure")),
    ...planOptions,
    threads: option.count(1, "threads of one operator", { most: availableParallelism() }),
    out: option.path(undefined, "table to write; where --target host-cpu finds it without it", "file"),
    json: option.json,
  },
  async run(given, io) {
    const { threads, json } = given;
    const { plan, spaces } = planFrom(given);
    const file = given.out ?? tablePath(hostName);
    const { kernels, blocks, networks, minutes } = effortOf(plan);
    io.note(
      `Measuring ${kernels} kernels at most, ${blocks} blocks and ${networks} networks, ${aboutMinutes(minutes)}. Other work on this computer spoils the times.`,
    );
    const started = Date.now();
    const { signal } = io;
    try {
      const { table, told, worstDrift, failed } = await measureHost(plan, {
        ...{ threads, file, spaces, signal },
        onProgress({ done, of, msLeft, drift }) {
          const speed =
            drift > 1.1 ? `; the computer is ${showPercent(drift - 1)} slower than at the start` : "";
          io.status(`${done} of ${of} rows, ${showDuration(msLeft)} left${speed}`);
        },
      });
      io.status("");
      const count = (kind: string) => table.rows.filter((row) => row.kind === kind).length;
      const rows = { kernels: count("kernel"), blocks: count("block"), networks: count("network") };
      const error = table.model?.error.networkOut ?? null;
      const seconds = Math.round((Date.now() - started) / 1000);
      if (json) {
        printJson(io, {
          target: hostName,
          file,
          ...{ rows, told, failed, worstDrift, seconds },
          model: table.model && { rows: table.model.rows, form: table.model.form },
          error,
          interval: table.model?.interval ?? null,
        });
        return exitCodes.ok;
      }
      io.print(io.style.bold(`${table.title}: ${file}`));
      io.print(
        pairs([
          ["rows", `${rows.kernels} kernels, ${rows.blocks} blocks, ${rows.networks} networks`],
          ["told", told === 0 ? undefined : `${told} more kernels can be told from those`],
          [
            "failed",
            failed.length === 0 ? undefined : `${failed.length}; ${failed[0]!.key}: ${failed[0]!.why}`,
          ],
          ["drift", `the reference kernel took at most ${worstDrift.toFixed(2)} times what its row says`],
          [
            "error",
            error === null
              ? "unknown: no whole networks were measured; give --space"
              : `${showPercent(error.mape)} on average on ${error.n} networks, each left out of what it is predicted by`,
          ],
          ["took", showDuration(1000 * seconds)],
        ]),
      );
      if (table.model !== null)
        io.note(
          `Next: nas search --target ${given.out ?? hostName}; nas latency validate --target ${given.out ?? hostName} --networks 20`,
        );
      return exitCodes.ok;
    } catch (error) {
      if (!signal.aborted) throw error;
      io.status("");
      io.note("Stopped; what is measured is kept. The same command goes on from there.");
      return exitCodes.interrupted;
    }
  },
});

/** `about 2 to 4 min`, `about 1 min`. */
export const aboutMinutes = ([least, most]: readonly [number, number]): string => {
  const [low, high] = [Math.max(1, Math.round(least)), Math.max(1, Math.ceil(most))];
  return low === high ? `about ${high} min` : `about ${low} to ${high} min`;
};
