import { join } from "node:path";
import { UserError } from "../../../base/errors.js";
import { proxiesText } from "../../../report/proxies.js";
import { correlations, proxyFile, readProxyTable } from "../../../search/proxiesTable.js";
import { defineCommand } from "../../command.js";
import { printJson } from "../../json.js";
import * as option from "../../option.js";

export const correlate = defineCommand({
  summary: "rank correlation of zero-cost proxies with trained accuracy, baselines beside them",
  description:
    `Reads ${proxyFile} in the folder: scores of proxies on CIFAR-10, beside\n` +
    "the validation accuracy after 200 epochs. Parameters and MACs are the baselines to beat.",
  examples: [
    "nas proxies correlate --benchmark nasbench201 --file DIR",
    "nas proxies correlate --benchmark nasbench201 --file DIR --json",
  ],
  options: {
    benchmark: option.word(["nasbench201"], "nasbench201", "whose networks", "name"),
    file: option.path(undefined, "folder of the benchmark's tables", "dir"),
    json: option.json,
  },
  async run({ benchmark, file, json }, io) {
    if (file === undefined)
      throw new UserError(`benchmark ${benchmark} needs its tables`, "Name their folder with --file.");
    const read = readProxyTable(join(file, proxyFile));
    const results = correlations(read);
    const networks = read.accuracies.length;
    if (json) return printJson(io, { benchmark, dataset: "cifar10", epochs: 200, networks, results });
    io.print(
      io.style.bold(
        `NAS-Bench-201, ${networks} networks, validation accuracy on cifar10 after 200 epochs, scores as its table has them`,
      ),
    );
    io.print(proxiesText(results, io.width));
  },
});
