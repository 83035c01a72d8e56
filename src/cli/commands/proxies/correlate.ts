import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { exitCodes, UserError } from "../../../base/errors.js";
import { proxiesText } from "../../../report/proxies.js";
import { tableOf, trainedOnce } from "../../../search/ledgerProxies.js";
import { correlations, proxyFile, readProxyTable } from "../../../search/proxiesTable.js";
import { proxyNetwork } from "../../../search/proxyNetwork.js";
import { checkSame } from "../../../search/settings.js";
import { proxyForm } from "../../../space/build.js";
import { findRun, seeRun } from "../../../store/run.js";
import { openDataset } from "../../../train/openDataset.js";
import { openScorers } from "../../../train/pool.js";
import { proxyNames } from "../../../train/proxyNames.js";
import { defineCommand } from "../../command.js";
import { trialTimeoutMs, workerMemoryMb } from "../../drive.js";
import type { Io } from "../../io.js";
import { printJson } from "../../json.js";
import * as option from "../../option.js";

export const correlate = defineCommand({
  summary: "rank correlation of zero-cost proxies with trained accuracy, baselines beside them",
  description:
    "With a run: scores the networks that it trained, at the size and on the data that it trained them,\n" +
    `by ${proxyNames.join(", ")}, and compares with the accuracies in its ledger.\n` +
    `Without: reads ${proxyFile} in the folder of NAS-Bench-201: scores of proxies on CIFAR-10,\n` +
    "beside the validation accuracy after 200 epochs. Parameters and MACs are the baselines to beat.",
  examples: [
    "nas proxies correlate runs/iphone13-npu-20261121-101500",
    "nas proxies correlate ./my-run --data ./cifar-10-batches-bin --json",
    "nas proxies correlate --benchmark nasbench201 --file DIR",
  ],
  arguments: { run: option.text(undefined, "name under runs/, or folder; without it a benchmark", "run") },
  options: {
    benchmark: option.word(["nasbench201"], "nasbench201", "whose networks, where no run is named", "name"),
    file: option.path(undefined, "folder of the benchmark's tables", "dir"),
    data: option.path(undefined, "folder of the run's data set, where it has moved", "dir"),
    workers: option.count(undefined, "networks scored at once; changes the speed, not the result"),
    json: option.json,
  },
  async run({ run, benchmark, file, data, workers, json }, io) {
    if (run !== undefined && file !== undefined)
      throw new UserError("a run and --file are both given", "Correlate one of them: a run, or a benchmark.");
    const found =
      run === undefined
        ? ofBenchmark(benchmark, file)
        : await ofRun(run, { data, workers, io }).catch((error) => {
            if (io.signal.aborted) return undefined;
            throw error;
          });
    if (found === undefined) return exitCodes.interrupted;
    const { title, ...printed } = found;
    if (json) printJson(io, printed);
    else io.print(`${io.style.bold(title)}\n${proxiesText(printed.results, io.width)}`);
    return exitCodes.ok;
  },
});

function ofBenchmark(benchmark: string, file: string | undefined) {
  if (file === undefined)
    throw new UserError(
      `benchmark ${benchmark} needs its tables`,
      "Name their folder with --file, or a run to correlate with its own trials.",
    );
  const read = readProxyTable(join(file, proxyFile));
  const networks = read.accuracies.length;
  return {
    title: `NAS-Bench-201, ${networks} networks, validation accuracy on cifar10 after 200 epochs, scores as its table has them`,
    run: null,
    benchmark,
    dataset: "cifar10",
    epochs: 200,
    networks,
    engine: null,
    results: correlations(read).map((row) => ({ ...row, seconds: null })),
  };
}

async function ofRun(
  name: string,
  given: { readonly data: string | undefined; readonly workers: number | undefined; readonly io: Io },
) {
  const { record, trials } = await seeRun(await findRun("runs", name));
  const { meaning, dataDir } = record.settings;
  const trained = trainedOnce(trials);
  const dataset = await openDataset((given.data === undefined ? dataDir : resolve(given.data)) ?? undefined);
  checkSame(record.name, meaning, { data: { name: dataset.name, hash: dataset.hash } });
  const { space, seed, engine } = meaning;
  const form = proxyForm(space, dataset);
  const asked = trained.length * proxyNames.length;
  let done = 0;
  const pool = openScorers({
    workers: Math.min(given.workers ?? availableParallelism(), asked),
    dataset,
    memoryMb: workerMemoryMb,
    timeoutMs: trialTimeoutMs,
  });
  try {
    const table = await tableOf(trained, proxyNames, async (genome, proxy) => {
      const network = proxyNetwork(space, form, genome);
      const answer = await pool.evaluate({ network, proxy, seed, engine }, given.io.signal);
      given.io.status(`${++done}/${asked} scores`);
      return answer;
    });
    for (const [proxy, why] of table.why) {
      const without = table.scores.get(proxy)!.filter((score) => score === undefined).length;
      given.io.note(`${proxy} is without a score of ${without} networks: ${why}`);
    }
    const epochs = trained[0]!.askedEpochs ?? meaning.fidelity.epochs;
    return {
      title: `Run ${record.name}, ${trained.length} networks, validation accuracy on ${dataset.name}${dataset.synthetic ? " (drawn by a program)" : ""} after ${epochs === 1 ? "an epoch" : `${epochs} epochs`} of ${Math.min(meaning.fidelity.images, dataset.train.labels.length)} images`,
      run: record.name,
      benchmark: null,
      dataset: dataset.name,
      epochs,
      networks: trained.length,
      engine,
      results: correlations(table).map((row) => ({ ...row, seconds: table.seconds.get(row.proxy)! })),
    };
  } finally {
    given.io.status("");
    await pool.close();
  }
}
