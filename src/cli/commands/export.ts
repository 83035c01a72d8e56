import { stat } from "node:fs/promises";
import { join } from "node:path";
import { exitCodes, UserError } from "../../base/errors.js";
import { lookup } from "../../base/lookup.js";
import { describeTrial } from "../../export/describeTrial.js";
import type { Format } from "../../export/format.js";
import * as formats from "../../export/formats/index.js";
import { untrainedWeights } from "../../export/untrained.js";
import { writeExport } from "../../export/write.js";
import { showBytes } from "../../report/unit.js";
import { highestRated, winner } from "../../search/objective.js";
import { betterOf } from "../../search/scalar.js";
import { aimOf } from "../../search/settings.js";
import type { Trial } from "../../search/trial.js";
import { findRun, type SeenRun, seeRun } from "../../store/run.js";
import type { Engine } from "../../train/engine.js";
import * as engines from "../../train/engines/index.js";
import { defineCommand } from "../command.js";
import { printJson } from "../json.js";
import { count, flag, json, member, path, required, text } from "../option.js";

export const exportRun = defineCommand({
  summary: "write the network a run found as a file for other tools",
  description:
    "The network is written in its deployed form. A run keeps no weights, so those of the file are\n" +
    "untrained: right for its latency and for training it. The file is read back, run where the format\n" +
    "allows it, and kept only if its outputs equal the engine's.",
  examples: [
    "nas export --format onnx",
    "nas export ./my-run --format spec --output winner.json",
    "nas export ./my-run --format onnx --trial 7 --keep-norms",
  ],
  arguments: { run: text(undefined, "name under runs/, or folder; the newest without it", "run") },
  options: {
    format: required(member<Format, undefined>(formats, undefined, "kind of file", "format")),
    output: { ...path(undefined, "where to write it; in the run's folder without it", "file"), short: "o" },
    trial: count(undefined, "number of another trial than the winner", { least: 0 }),
    keepNorms: flag("keep batch normalisations, instead of making them part of the convolutions before them"),
    json,
  },
  async run({ run, format, output, trial, keepNorms, json }, io) {
    const seen = await seeRun(await findRun("runs", run));
    const { meaning } = seen.record.settings;
    const chosen = pick(seen, trial);
    const engine = lookup<Engine>(engines, meaning.engine, "engine");
    const known = describeTrial(seen.record, chosen);
    const file = output ?? join(seen.dir, "export", `${known.name}${format.value.extension}`);
    io.status(`Writing ${file} and comparing it with the ${meaning.engine} engine`);
    const agreed = await writeExport(
      format.value,
      {
        ...known,
        weights: await untrainedWeights(known.network, meaning.seed, engine),
        weightsFrom: `untrained, random initial values, seed ${meaning.seed}`,
      },
      file,
      { foldNorms: !keepNorms },
      engine,
    );
    io.status("");
    const { size } = await stat(file);
    if (json)
      return printJson(io, {
        file,
        format: format.name,
        sizeBytes: size,
        checked: agreed,
        trial: chosen.number,
        genome: chosen.genome,
        hash: chosen.hash,
      });
    io.print(file);
    io.note(`${format.value.title}, ${showBytes(size)}, of trial ${chosen.number}. Checked: ${agreed}.`);
  },
});

/** @throws UserError  when there is no such trial, or none that could win */
function pick({ trials, record }: SeenRun, number: number | undefined): Trial {
  if (number === undefined) {
    const best = winner(trials, betterOf(aimOf(record.settings.meaning))) ?? highestRated(trials);
    if (best !== undefined) return best;
    throw new UserError(
      `run ${record.name} has no winner yet`,
      "Continue it with nas resume, or name a trial with --trial.",
      exitCodes.runtime,
    );
  }
  const found = trials.find((trial) => trial.number === number);
  if (found !== undefined) return found;
  throw new UserError(
    `run ${record.name} has no trial ${number}`,
    trials.length === 0 ? "It has none yet." : `It has 0 to ${trials.length - 1}; see nas show.`,
  );
}
