/**
 * Fit the target iphone13-npu to published latencies and write its file.
 *
 *     npm run fit:latency -- --csv ../shared/data/latency/iphone_npu.csv
 */
import { exitCodes, UserError } from "../src/base/errors.js";
import { find } from "../src/base/lookup.js";
import { fitKernelModel, type Sample } from "../src/latency/fit.js";
import type { Fit } from "../src/latency/target.js";
import { prior } from "../src/latency/targets/iphone13Npu.prior.js";
import * as zoo from "../src/space/zoo/index.js";
import { milliseconds, readCsv } from "./csv.js";
import { errorLine, runOnCsv, writeConstant } from "./run.js";

const file = "src/latency/targets/iphone13Npu.fit.ts";

/** The protocol that predictions stand for. */
export const protocol = "iFormer, Table 18";

/** Other sources of the same chip: how their rows begin, and what we call them. */
const sources: readonly (readonly [source: string, where: string, name: string])[] = [
  ["iFormer", "Table 18", protocol],
  ["Rewrite the Stars", "Table 6", "StarNet, Table 6"],
  ["EfficientMod", "Table 12", "EfficientMod, Table 12"],
  ["MobileNetV4", "Table 1", "MobileNetV4, Table 1"],
  ["MobileViG (", "abstract", "MobileViG, abstract"],
  ["RapidNet", "abstract", "RapidNet, abstract"],
];

/** Networks as the measurements name them: zoo name and family. */
const networks: Readonly<Record<string, readonly [name: string, family: string]>> = {
  "MobileNetV1 1.0x": ["mobilenet_v1", "MobileNetV1"],
  "MobileNetV2 1.0x": ["mobilenet_v2_x1_0", "MobileNetV2"],
  "MobileNetV2 1.4x": ["mobilenet_v2_x1_4", "MobileNetV2"],
  "MobileNetV3-Large 0.75x": ["mobilenet_v3_large_0_75", "MobileNetV3"],
  "MobileNetV3-Large 1.0x": ["mobilenet_v3_large", "MobileNetV3"],
  "MobileNetV3-Small 1.0x": ["mobilenet_v3_small", "MobileNetV3"],
  "MobileNetV4-Conv-S": ["mobilenetv4_conv_small", "MobileNetV4"],
  "MobileOne-S0": ["mobileone_s0", "MobileOne"],
  "MobileOne-S1": ["mobileone_s1", "MobileOne"],
  "MobileOne-S2": ["mobileone_s2", "MobileOne"],
  "MobileOne-S4": ["mobileone_s4", "MobileOne"],
  "EfficientNet-B1": ["efficientnet_b1", "EfficientNet"],
  "EfficientNet-B2": ["efficientnet_b2", "EfficientNet"],
  "RepViT-M1.0": ["repvit_m1_0", "RepViT"],
  "RepViT-M1.1": ["repvit_m1_1", "RepViT"],
  "RepViT-M1.5": ["repvit_m1_5", "RepViT"],
  "RepNeXt-M3": ["repnext_m3", "RepNeXt"],
  "RepNeXt-M4": ["repnext_m4", "RepNeXt"],
  "FastViT-T8": ["fastvit_t8", "FastViT"],
  "FastViT-T12": ["fastvit_t12", "FastViT"],
  "FastViT-S12": ["fastvit_s12", "FastViT"],
  "FastViT-SA12": ["fastvit_sa12", "FastViT"],
  "CAS-ViT-XS": ["casvit_xs", "CAS-ViT"],
  "CAS-ViT-M": ["casvit_m", "CAS-ViT"],
  "EfficientMod-xxs": ["efficientmod_xxs", "EfficientMod"],
  "EfficientMod-s": ["efficientmod_s", "EfficientMod"],
  "SHViT-S1": ["shvit_s1", "SHViT"],
  "SHViT-S4": ["shvit_s4", "SHViT"],
  "iFormer-T": ["iformer_t", "iFormer"],
  "iFormer-S": ["iformer_s", "iFormer"],
  "iFormer-M": ["iformer_m", "iFormer"],
  "iFormer-L": ["iformer_l", "iFormer"],
  "MobileViG-Ti": ["mobilevig_ti", "MobileViG"],
  "MobileViG-B": ["mobilevig_b", "MobileViG"],
  "RapidNet-Ti": ["rapidnet_ti", "RapidNet"],
};

/**
 * The rows of the measurements that the fit uses: iPhone 13 and 13 mini, sources and
 * networks named above, at the network's own resolution, on the Neural Engine.
 *
 * @throws UserError  when a column is missing, a latency is no number above 0, or no row is of the protocol
 */
export function samplesOf(csv: string): Sample[] {
  const { rows, column } = readCsv(csv);
  const device = column("device");
  const model = column("model");
  const resolution = column("input_resolution");
  const latency = column("latency_ms");
  const source = column("source");
  const where = column("where_in_source");
  const note = column("note");
  const samples = rows.flatMap((line, i) => {
    const known = networks[model(line)];
    const entry = known && find(zoo, known[0]);
    const from = sources.find(([s, w]) => source(line).startsWith(s) && where(line).startsWith(w));
    if (!known || !entry || !from || !["iPhone 13", "iPhone 13 mini"].includes(device(line))) return [];
    if (latency(line) === "" || /fallback|FAILED|off ANE/i.test(note(line))) return [];
    if (Number(resolution(line)) !== entry.resolution) return [];
    const [network, family] = known;
    return [
      {
        network,
        family,
        source: from[2],
        ms: milliseconds(latency(line), i, "latency_ms"),
        out: entry.build(),
      },
    ];
  });
  if (!samples.some((sample) => sample.source === protocol))
    throw new UserError(
      `no row is of ${protocol}`,
      "The fit predicts what that protocol measures.",
      exitCodes.data,
    );
  return samples;
}

/** The fit that the target ships, made from the measurements. */
export const fitIphone13Npu = (csv: string): Fit => fitKernelModel(samplesOf(csv), protocol, prior);

runOnCsv(import.meta.url, (csv) => {
  const fit = fitIphone13Npu(csv);
  writeConstant(file, {
    by: "npm run fit:latency",
    import: 'import type { Fit } from "../target.js";',
    name: "fit",
    type: "Fit",
    value: fit,
  });
  const { families, ...errors } = fit.error;
  for (const [name, error] of Object.entries(errors)) console.log(errorLine(name, error));
  for (const { family, ...error } of families) console.log(errorLine(family, error));
  console.log(fit.model, fit.offsets, fit.interval);
});
