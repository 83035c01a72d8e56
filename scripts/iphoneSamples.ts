import { exitCodes, UserError } from "../src/base/errors.js";
import { find } from "../src/base/lookup.js";
import type { Sample } from "../src/latency/fit.js";
import * as zoo from "../src/space/zoo/index.js";
import { milliseconds, readCsv } from "./csv.js";

/** Which rows of the measurements a target is fitted to. */
export interface Protocol {
  /** The protocol that predictions stand for, one of the sources. */
  readonly name: string;
  readonly devices: readonly string[];
  /** How the rows of a source begin, and what we call it. */
  readonly sources: readonly (readonly [source: string, where: string, name: string])[];
}

/** iPhone 13 and 13 mini, which have the same chip. */
export const iphone13: Protocol = {
  name: "iFormer, Table 18",
  devices: ["iPhone 13", "iPhone 13 mini"],
  sources: [
    ["iFormer", "Table 18", "iFormer, Table 18"],
    ["Rewrite the Stars", "Table 6", "StarNet, Table 6"],
    ["EfficientMod", "Table 12", "EfficientMod, Table 12"],
    ["MobileNetV4", "Table 1", "MobileNetV4, Table 1"],
    ["MobileViG (", "abstract", "MobileViG, abstract"],
    ["RapidNet", "abstract", "RapidNet, abstract"],
  ],
};

/** iPhone 12 by Xcode 14's performance reports on iOS 16. */
export const iphone12: Protocol = {
  name: "RepNeXt, latency.py",
  devices: ["iPhone 12"],
  sources: [
    ["github suous/RepNeXt tools/latency.py", "tools/latency.py", "RepNeXt, latency.py"],
    ["RepViT", "Table 1", "RepViT, Tables 1 and 2"],
    ["RepViT", "Table 2", "RepViT, Tables 1 and 2"],
    ["SHViT", "Table 4", "SHViT, Table 4"],
  ],
};

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
  "MobileOne-S3": ["mobileone_s3", "MobileOne"],
  "MobileOne-S4": ["mobileone_s4", "MobileOne"],
  "EfficientNet-B0": ["efficientnet_b0", "EfficientNet"],
  "EfficientNet-B1": ["efficientnet_b1", "EfficientNet"],
  "EfficientNet-B2": ["efficientnet_b2", "EfficientNet"],
  "RepViT-M0.9": ["repvit_m0_9", "RepViT"],
  "RepViT-M1.0": ["repvit_m1_0", "RepViT"],
  "RepViT-M1.1": ["repvit_m1_1", "RepViT"],
  "RepViT-M1.5": ["repvit_m1_5", "RepViT"],
  "RepViT-M2.3": ["repvit_m2_3", "RepViT"],
  "RepNeXt-M3": ["repnext_m3", "RepNeXt"],
  "RepNeXt-M4": ["repnext_m4", "RepNeXt"],
  "FastViT-T8": ["fastvit_t8", "FastViT"],
  "FastViT-T12": ["fastvit_t12", "FastViT"],
  "FastViT-S12": ["fastvit_s12", "FastViT"],
  "FastViT-SA12": ["fastvit_sa12", "FastViT"],
  "FastViT-SA24": ["fastvit_sa24", "FastViT"],
  "StarNet-S1": ["starnet_s1", "StarNet"],
  "StarNet-S2": ["starnet_s2", "StarNet"],
  "StarNet-S3": ["starnet_s3", "StarNet"],
  "StarNet-S4": ["starnet_s4", "StarNet"],
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
  "MobileViG-S": ["mobilevig_s", "MobileViG"],
  "MobileViG-M": ["mobilevig_m", "MobileViG"],
  "MobileViG-B": ["mobilevig_b", "MobileViG"],
  "RapidNet-Ti": ["rapidnet_ti", "RapidNet"],
};

/**
 * The rows of the measurements that a fit uses: devices and sources of the protocol, networks
 * named above, at the network's own resolution, on the Neural Engine.
 *
 * @throws UserError  when a column is missing, a latency is no number above 0, or no row is of the protocol
 */
export function samplesOf(csv: string, { name, devices, sources }: Protocol): Sample[] {
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
    if (!known || !entry || !from || !devices.includes(device(line))) return [];
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
  if (!samples.some((sample) => sample.source === name))
    throw new UserError(
      `no row is of ${name}`,
      "The fit predicts what that protocol measures.",
      exitCodes.data,
    );
  return samples;
}
