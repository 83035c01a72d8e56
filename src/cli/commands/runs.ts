import { basename } from "node:path";
import { UserError } from "../../base/errors.js";
import { table } from "../../report/table.js";
import { showMs, showPercent } from "../../report/unit.js";
import { winner } from "../../search/objective.js";
import { betterOf } from "../../search/scalar.js";
import { aimOf } from "../../search/settings.js";
import { listRuns, seeRun } from "../../store/run.js";
import { defineCommand } from "../command.js";
import { printJson } from "../json.js";
import * as option from "../option.js";

export const runs = defineCommand({
  summary: "list the runs in a folder, newest first",
  examples: ["nas runs", "nas runs /data/my-runs --json"],
  arguments: { dir: option.path("runs", "folder of runs", "dir") },
  options: { json: option.json },
  async run({ dir, json }, io) {
    const found = await Promise.all((await listRuns(dir)).map(lookAt));
    if (json) return printJson(io, { runs: found });
    if (found.length === 0)
      return io.note(`No runs in ${dir}. Start one with: nas search --target iphone13-npu`);
    io.print(
      table(
        [
          { title: "run", of: (r) => r.name },
          { title: "target", of: (r) => r.target ?? "", drop: 2 },
          { title: "space", of: (r) => r.space ?? "", drop: 3 },
          { title: "strategy", of: (r) => r.strategy ?? "", drop: 4 },
          { title: "trials", of: (r) => (r.trials === null ? "" : `${r.trials}/${r.planned}`), right: true },
          {
            title: "best",
            of: (r) => (r.bestAccuracy === null ? "" : showPercent(r.bestAccuracy)),
            right: true,
          },
          {
            title: "latency",
            of: (r) => (r.bestLatencyMs === null ? "" : showMs(r.bestLatencyMs)),
            right: true,
          },
          {
            title: "limit",
            of: (r) => (r.maxLatencyMs === null ? "" : showMs(r.maxLatencyMs)),
            right: true,
            drop: 1,
          },
          ...(found.some((r) => r.why !== null)
            ? [{ title: "", of: (r: (typeof found)[number]) => r.why ?? "" }]
            : []),
        ],
        found,
        io.width,
      ),
    );
  },
});

const nothing = {
  createdAt: null,
  target: null,
  space: null,
  strategy: null,
  trials: null,
  planned: null,
  maxLatencyMs: null,
  bestAccuracy: null,
  bestLatencyMs: null,
};

/** One run at a glance; of a damaged one, why it cannot be read. */
async function lookAt(dir: string) {
  const name = basename(dir);
  try {
    const { record, trials } = await seeRun(dir);
    const { meaning, budget } = record.settings;
    const best = winner(trials, betterOf(aimOf(meaning)));
    return {
      name,
      dir,
      createdAt: record.createdAt,
      target: meaning.target,
      space: meaning.space.name,
      strategy: meaning.strategy,
      trials: trials.length,
      planned: budget.trials,
      maxLatencyMs: meaning.maxLatencyMs,
      bestAccuracy: best?.accuracy ?? null,
      bestLatencyMs: best?.latencyMs ?? null,
      why: null,
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { name, dir, ...nothing, why: error.message };
  }
}
