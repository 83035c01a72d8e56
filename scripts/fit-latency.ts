/**
 * Fit the targets with a kernel model to published latencies and write their files.
 *
 *     npm run fit:latency -- --data ../shared/data/latency [--target iphone13Npu]
 */

import { join } from "node:path";
import { exitCodes, UserError } from "../src/base/errors.js";
import { lookup } from "../src/base/lookup.js";
import { fitKernelModel, type Prior, type Sample } from "../src/latency/fit.js";
import type { Fit } from "../src/latency/target.js";
import { prior as galaxyS24Npu } from "../src/latency/targets/galaxyS24Npu.prior.js";
import { prior as galaxyS25Npu } from "../src/latency/targets/galaxyS25Npu.prior.js";
import { prior as iphone12Npu } from "../src/latency/targets/iphone12Npu.prior.js";
import { prior as iphone13Npu } from "../src/latency/targets/iphone13Npu.prior.js";
import { iphone12, iphone13, type Protocol, samplesOf } from "./iphoneSamples.js";
import { hubSamples, hubSources } from "./qualcommSamples.js";
import { errorLine, readText, runWith, writeConstant } from "./run.js";

/** How a target is fitted: a file of measurements, the rows of it, and what is believed before. */
interface Fitting {
  readonly csv: string;
  readonly protocol: string;
  readonly prior: Prior;
  samples(csv: string): Sample[];
}

const iphone = (protocol: Protocol, prior: Prior): Fitting => ({
  csv: "iphone_npu.csv",
  protocol: protocol.name,
  prior,
  samples: (csv) => samplesOf(csv, protocol),
});

const hub = (device: string, precision: string, prior: Prior): Fitting => ({
  csv: "qualcomm_npu.csv",
  protocol: hubSources.qnn_dlc,
  prior,
  samples: (csv) => hubSamples(csv, { device, precision }),
});

/** By the export name of the target. */
export const fittings: Readonly<Record<string, Fitting>> = {
  iphone12Npu: iphone(iphone12, iphone12Npu),
  iphone13Npu: iphone(iphone13, iphone13Npu),
  galaxyS24Npu: hub("Samsung Galaxy S24", "float", galaxyS24Npu.float),
  galaxyS24NpuW8a8: hub("Samsung Galaxy S24", "w8a8", galaxyS24Npu.w8a8),
  galaxyS25Npu: hub("Samsung Galaxy S25", "float", galaxyS25Npu.float),
  galaxyS25NpuW8a8: hub("Samsung Galaxy S25", "w8a8", galaxyS25Npu.w8a8),
};

/** The fit that a target ships, made from the measurements. */
export const fitTarget = ({ samples, protocol, prior }: Fitting, csv: string): Fit =>
  fitKernelModel(samples(csv), protocol, prior);

runWith(import.meta.url, ["data", "target"], ({ data, target }) => {
  if (data === undefined)
    throw new UserError("no measurements", "Give their folder: --data DIR", exitCodes.usage);
  const wanted = target === undefined ? fittings : { [target]: lookup(fittings, target, "target") };
  for (const [name, fitting] of Object.entries(wanted)) {
    const fit = fitTarget(fitting, readText(join(data, fitting.csv)));
    writeConstant(`src/latency/targets/${name}.fit.ts`, {
      by: "npm run fit:latency",
      import: 'import type { Fit } from "../target.js";',
      name: "fit",
      type: "Fit",
      value: fit,
    });
    console.log(name);
    const { families, ...errors } = fit.error;
    for (const [name, error] of Object.entries(errors)) console.log(errorLine(name, error));
    for (const { family, ...error } of families) console.log(errorLine(family, error));
    console.log(fit.model, fit.offsets, fit.interval);
  }
});
