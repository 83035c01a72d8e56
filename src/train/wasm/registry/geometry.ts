import { backend_util } from "@tensorflow/tfjs-core";

/** How tfjs says where a convolution's windows lie. */
export interface ConvAttributes {
  readonly strides: number | [number, number];
  readonly pad: "valid" | "same" | number | [number, number][];
  readonly dilations?: number | [number, number];
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  readonly dataFormat?: string;
}

/** A convolution of images [batch, height, width, channels], as tfjs lays it out. */
export interface Geometry {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  /** Of all groups. */
  readonly outChannels: number;
  /** Taps down and right, steps between windows, and between taps. */
  readonly high: number;
  readonly wide: number;
  readonly down: number;
  readonly right: number;
  readonly dilationDown: number;
  readonly dilationRight: number;
  /** Zeros above and to the left of the image. */
  readonly top: number;
  readonly left: number;
}

/**
 * Where a convolution's windows lie.
 *
 * @param x       [batch, height, width, channels]
 * @param filter  [high, wide, channels, out channels, of each channel's own when depthwise]
 * @throws Error  when channels come first
 */
export function geometryOf(
  x: readonly number[],
  filter: readonly number[],
  { strides, pad, dilations = 1, dimRoundingMode, dataFormat = "NHWC" }: ConvAttributes,
  depthwise: boolean,
): Geometry {
  if (dataFormat !== "NHWC")
    throw new Error(`gradients of convolutions on wasm take NHWC, not ${dataFormat}`);
  type Four = [number, number, number, number];
  const info = backend_util.computeConv2DInfo(
    [...x] as Four,
    [...filter] as Four,
    strides,
    dilations,
    pad as "valid",
    dimRoundingMode,
    depthwise,
  );
  return {
    batch: info.batchSize,
    height: info.inHeight,
    width: info.inWidth,
    channels: info.inChannels,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
    outChannels: info.outChannels,
    high: info.filterHeight,
    wide: info.filterWidth,
    down: info.strideHeight,
    right: info.strideWidth,
    dilationDown: info.dilationHeight,
    dilationRight: info.dilationWidth,
    top: info.padInfo.top,
    left: info.padInfo.left,
  };
}
