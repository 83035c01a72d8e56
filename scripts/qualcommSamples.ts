import { exitCodes, UserError } from "../src/base/errors.js";
import type { Node } from "../src/graph/node.js";
import type { Sample } from "../src/latency/fit.js";
import * as zoo from "../src/space/zoo/index.js";
import * as backbones from "./backbones.js";
import { milliseconds, readCsv } from "./csv.js";

/** Which rows of Qualcomm AI Hub a target is fitted to. */
export interface HubProtocol {
  readonly device: string;
  readonly precision: string;
}

/** What a row's runtime is called; the first is the protocol. */
export const hubSources = { qnn_dlc: "AI Hub, QNN", tflite: "AI Hub, TFLite" } as const;

/** The one release that all rows are of. */
const release = "2.43.0";

/** Networks as AI Hub names them: ours, family, and how to build it. */
const networks: Readonly<Record<string, readonly [name: string, family: string, build: () => Node]>> = {
  densenet121: ["densenet121", "DenseNet", backbones.densenet121],
  efficientnet_b0: ["efficientnet_b0", "EfficientNet", zoo.efficientnet_b0.build],
  efficientnet_b4: ["efficientnet_b4", "EfficientNet", backbones.efficientnet_b4],
  efficientnet_v2_s: ["efficientnet_v2_s", "EfficientNet", backbones.efficientnet_v2_s],
  googlenet: ["googlenet", "GoogLeNet", backbones.googlenet],
  mnasnet05: ["mnasnet05", "MnasNet", backbones.mnasnet05],
  mobilenet_v2: ["mobilenet_v2_x1_0", "MobileNetV2", zoo.mobilenet_v2_x1_0.build],
  mobilenet_v3_large: ["mobilenet_v3_large", "MobileNetV3", zoo.mobilenet_v3_large.build],
  mobilenet_v3_small: ["mobilenet_v3_small", "MobileNetV3", zoo.mobilenet_v3_small.build],
  regnet: ["regnet_x_3_2gf", "RegNet", backbones.regnet_x_3_2gf],
  regnet_y_800mf: ["regnet_y_800mf", "RegNet", backbones.regnet_y_800mf],
  resnet18: ["resnet18", "ResNet", backbones.resnet18],
  resnet50: ["resnet50", "ResNet", backbones.resnet50],
  resnet101: ["resnet101", "ResNet", backbones.resnet101],
  resnext50: ["resnext50", "ResNeXt", backbones.resnext50],
  resnext101: ["resnext101", "ResNeXt", backbones.resnext101],
  squeezenet1_1: ["squeezenet1_1", "SqueezeNet", backbones.squeezenet1_1],
  wideresnet50: ["wideresnet50", "ResNet", backbones.wideresnet50],
};

/** The network a fitted row names. */
export const hubNetwork = (name: string): Node =>
  Object.values(networks).find(([known]) => known === name)![2]();

/**
 * The rows of the measurements that a fit uses: one device, one precision, one release, all
 * layers on the NPU; QNN is the protocol, TFLite another source.
 *
 * @throws UserError  when a column is missing, a latency is no number above 0, or no row is of QNN
 */
export function hubSamples(csv: string, { device, precision }: HubProtocol): Sample[] {
  const { rows, column } = readCsv(csv);
  const of = {
    model: column("model"),
    precision: column("precision"),
    runtime: column("runtime"),
    device: column("device"),
    latency: column("latency_ms"),
    layers: column("layers_total"),
    npu: column("layers_npu"),
    release: column("qairt"),
  };
  const samples = rows.flatMap((row, i): readonly Sample[] => {
    const known = networks[of.model(row)];
    const source = hubSources[of.runtime(row) as keyof typeof hubSources];
    const wanted = of.device(row) === device && of.precision(row) === precision;
    if (!known || !source || !wanted) return [];
    if (!of.release(row).startsWith(release) || of.layers(row) !== of.npu(row)) return [];
    const [network, family, build] = known;
    return [{ network, family, source, ms: milliseconds(of.latency(row), i, "latency_ms"), out: build() }];
  });
  if (!samples.some(({ source }) => source === hubSources.qnn_dlc))
    throw new UserError(
      `no row is of ${device}, ${precision}, QNN ${release}`,
      "The fit predicts what that protocol measures.",
      exitCodes.data,
    );
  return samples;
}
