import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { UserError } from "../../base/errors.js";
import { equalTime, equalTimeText } from "../../report/equalTime.js";
import { checkSameTask } from "../../search/equalTime.js";
import { isScored } from "../../search/objective.js";
import { findRun, seeRun } from "../../store/run.js";
import { defineCommand } from "../command.js";
import { printJson } from "../json.js";
import * as option from "../option.js";

export const compare = defineCommand({
  summary: "compare runs of one task by what they had found after equal time",
  description:
    "Time is what the ledgers say training and scoring took, put on so many workers: a supernet's epochs\n" +
    "count, the time a run stood still does not. Runs must have target, space, limits, data, fidelity and\n" +
    "engine in common; strategies and seeds may differ.",
  examples: ["nas compare runs/a runs/b", "nas compare ./fbnet ./aging ./random --workers 1 --json"],
  arguments: { runs: option.texts("names under runs/, or folders", "run") },
  options: {
    workers: option.count(undefined, "workers that train side by side; without it as many as here"),
    json: option.json,
  },
  async run({ runs, workers = availableParallelism(), json }, io) {
    const seen = await Promise.all(
      runs.map(async (name) => {
        const { dir, record, trials, answers, screened } = await seeRun(await findRun("runs", name));
        if (!trials.some(isScored))
          throw new UserError(`run ${name} has trained no network`, "Continue it with nas resume.");
        return { dir, meaning: record.settings.meaning, trials, answers, screened };
      }),
    );
    if (new Set(seen.map(({ dir }) => dir)).size < 2)
      throw new UserError("there is nothing to compare", "Name two runs or more.");
    const [first, ...others] = seen;
    for (const other of others)
      checkSameTask([basename(first!.dir), basename(other.dir)], first!.meaning, other.meaning);
    const found = equalTime(seen, workers);
    if (json) return printJson(io, found);
    io.print(equalTimeText(found, io.width));
  },
});
