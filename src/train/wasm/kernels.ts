import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Activation } from "../../graph/op.js";
import { prepareV8 } from "./v8.js";

/** A place in the wasm heap, in bytes. */
export type Address = number;

/** The kernels of src/train/kernels, where each is documented. Addresses and steps are bytes; `rows`, `channels` and the like numbers. */
export interface Kernels {
  adamw(
    weight: Address,
    gradient: Address,
    means: Address,
    squares: Address,
    count: number,
    rate: number,
    momentum: number,
    keep: number,
    ofMean: number,
    ofSquare: number,
    epsilon: number,
    decay: number,
  ): void;
  addTo(x: Address, y: Address, count: number): void;
  addToRows(v: Address, y: Address, rows: number, channels: number): void;
  approach(average: Address, x: Address, share: number, count: number): void;
  averageWindows(
    x: Address,
    width: number,
    channels: number,
    kernel: number,
    step: number,
    outHeight: number,
    outWidth: number,
    y: Address,
  ): void;
  averageWindowsGradient(
    dy: Address,
    width: number,
    channels: number,
    kernel: number,
    step: number,
    outHeight: number,
    outWidth: number,
    dx: Address,
  ): void;
  chooseTiles(wide: number, deep: number, eight: number, transposed: number): void;
  clearColumns(at: Address, step: number, rows: number, count: number): void;
  constantBytes(): number;
  copyColumns(
    from: Address,
    fromStep: number,
    to: Address,
    toStep: number,
    rows: number,
    count: number,
  ): void;
  correlate(
    planes: Address,
    planeSize: number,
    offset: number,
    downStep: number,
    rightStep: number,
    taps: Address,
    tapCount: number,
    weights: Address,
    out: Address,
    downOut: number,
    rightOut: number,
    rows: number,
    columns: number,
    groups: number,
  ): void;
  correlateForm(
    form: number,
    high: number,
    planes: Address,
    planeSize: number,
    offset: number,
    pitch: number,
    downStep: number,
    weights: Address,
    out: Address,
    downOut: number,
    rightOut: number,
    rows: number,
    columns: number,
    groups: number,
    vectors: number,
  ): void;
  correlateFormGradient(
    form: number,
    planes: Address,
    planeSize: number,
    pitch: number,
    gradients: Address,
    gradientSize: number,
    gradientPitch: number,
    weights: Address,
    rows: number,
    columns: number,
    groups: number,
    vectors: number,
  ): void;
  correlateGradient(
    planes: Address,
    planeSize: number,
    downStep: number,
    rightStep: number,
    taps: Address,
    tapCount: number,
    gradients: Address,
    gradientSize: number,
    gradientPitch: number,
    weights: Address,
    rows: number,
    columns: number,
    groups: number,
  ): void;
  dotPositions(
    x: Address,
    y: Address,
    out: Address,
    step: number,
    rows: number,
    channels: number,
    stride: number,
  ): void;
  dotRows(x: Address, y: Address, sums: Address, rows: number, channels: number): void;
  fold(
    rows: Address,
    mapWidth: number,
    mapChannels: number,
    channel: number,
    channels: number,
    stride: number,
    high: number,
    wide: number,
    step: number,
    dilation: number,
    outWidth: number,
    first: number,
    count: number,
    map: Address,
  ): void;
  intoPadded(
    image: Address,
    map: Address,
    height: number,
    width: number,
    channels: number,
    mapWidth: number,
    top: number,
    left: number,
  ): void;
  layerNorm(
    x: Address,
    gamma: Address,
    beta: Address,
    y: Address,
    rows: number,
    channels: number,
    stride: number,
    epsilon: number,
  ): void;
  layerNormGradient(
    dy: Address,
    x: Address,
    gamma: Address,
    dx: Address,
    dGamma: Address,
    dBeta: Address,
    rows: number,
    channels: number,
    stride: number,
    epsilon: number,
  ): void;
  maxRelative(x: Address, y: Address, height: number, width: number, channels: number, step: number): void;
  maxRelativeGradient(
    dy: Address,
    x: Address,
    dx: Address,
    height: number,
    width: number,
    channels: number,
    step: number,
  ): void;
  moments(x: Address, pivot: Address, sums: Address, rows: number, channels: number): void;
  normaliseForward(
    sums: Address,
    count: number,
    pivot: Address,
    gamma: Address,
    beta: Address,
    channels: number,
    stride: number,
    epsilon: number,
    factor: Address,
    shift: Address,
    mean: Address,
    deviation: Address,
    variance: Address,
  ): void;
  normaliseGradient(
    sums: Address,
    count: number,
    gamma: Address,
    mean: Address,
    deviation: Address,
    channels: number,
    stride: number,
    dGamma: Address,
    dBeta: Address,
    slope: Address,
  ): void;
  normaliseInference(
    gamma: Address,
    beta: Address,
    runningMean: Address,
    runningVariance: Address,
    channels: number,
    stride: number,
    epsilon: number,
    factor: Address,
    shift: Address,
  ): void;
  outOfPadded(
    map: Address,
    image: Address,
    height: number,
    width: number,
    channels: number,
    mapWidth: number,
    top: number,
    left: number,
  ): void;
  packPanels(
    b: Address,
    perRow: number,
    perColumn: number,
    depth: number,
    columns: number,
    out: Address,
  ): void;
  placeConstants(at: Address): void;
  product(
    a: Address,
    lda: number,
    panels: Address,
    c: Address,
    ldc: number,
    rows: number,
    depth: number,
    columns: number,
  ): void;
  rmsprop(
    weight: Address,
    gradient: Address,
    squares: Address,
    velocity: Address,
    count: number,
    rate: number,
    momentum: number,
    keep: number,
    epsilon: number,
    decay: number,
  ): void;
  scaleBy(factor: number, y: Address, count: number): void;
  settlePlanes(
    g: Address,
    x: Address,
    slope: Address,
    height: number,
    width: number,
    channels: number,
    planes: Address,
    planeSize: number,
    offset: number,
    pitch: number,
    step: number,
    vectors: number,
  ): void;
  settleRows(g: Address, x: Address, slope: Address, dx: Address, rows: number, channels: number): void;
  sgd(
    weight: Address,
    gradient: Address,
    velocity: Address,
    count: number,
    rate: number,
    momentum: number,
    decay: number,
    nesterov: boolean,
  ): void;
  shuffleChannels(
    x: Address,
    y: Address,
    rows: number,
    channels: number,
    stride: number,
    groups: number,
  ): void;
  softmaxRows(s: Address, scale: number, bias: Address, rows: number, count: number, stride: number): void;
  softmaxRowsGradient(p: Address, dp: Address, rows: number, stride: number): void;
  spread(v: Address, y: Address, rows: number, channels: number): void;
  sumRows(x: Address, sums: Address, rows: number, channels: number): void;
  times(x: Address, z: Address, y: Address, count: number): void;
  timesChannels(x: Address, v: Address, y: Address, rows: number, channels: number): void;
  timesPositions(x: Address, v: Address, step: number, y: Address, rows: number, channels: number): void;
  toPlanes(
    image: Address,
    height: number,
    width: number,
    channels: number,
    planes: Address,
    planeSize: number,
    offset: number,
    pitch: number,
    step: number,
    vectors: number,
  ): void;
  transposedProduct(
    a: Address,
    lda: number,
    b: Address,
    ldb: number,
    c: Address,
    ldc: number,
    rows: number,
    depth: number,
    columns: number,
  ): void;
  unfold(
    map: Address,
    mapWidth: number,
    mapChannels: number,
    channel: number,
    channels: number,
    stride: number,
    high: number,
    wide: number,
    step: number,
    dilation: number,
    outWidth: number,
    first: number,
    count: number,
    out: Address,
  ): void;
  updateRunning(
    mean: Address,
    variance: Address,
    count: number,
    runningMean: Address,
    runningVariance: Address,
    channels: number,
  ): void;
  winogradInput(
    maps: Address,
    mapBytes: number,
    mapWidth: number,
    channels: number,
    right: number,
    perMap: number,
    first: number,
    count: number,
    tiles: Address,
    plane: number,
  ): void;
  winogradInputGradient(
    maps: Address,
    mapBytes: number,
    mapWidth: number,
    channels: number,
    right: number,
    perMap: number,
    first: number,
    count: number,
    tiles: Address,
    plane: number,
  ): void;
  winogradKernel(g: Address, u: Address, numbers: number): void;
  winogradKernelGradient(u: Address, g: Address, numbers: number): void;
  winogradOutput(
    out: Address,
    outHeight: number,
    outWidth: number,
    channels: number,
    right: number,
    perMap: number,
    first: number,
    count: number,
    tiles: Address,
    plane: number,
  ): void;
  winogradOutputGradient(
    out: Address,
    outHeight: number,
    outWidth: number,
    channels: number,
    right: number,
    perMap: number,
    first: number,
    count: number,
    tiles: Address,
    plane: number,
  ): void;
}

/** The kernels of src/train/kernels/activated.ts for one activation. */
export interface Activated {
  affinePlanes(
    x: Address,
    factor: Address,
    shift: Address,
    height: number,
    width: number,
    channels: number,
    planes: Address,
    planeSize: number,
    offset: number,
    pitch: number,
    step: number,
    vectors: number,
  ): void;
  affineRows(x: Address, factor: Address, shift: Address, y: Address, rows: number, channels: number): void;
  chainRows(
    dy: Address,
    x: Address,
    factor: Address,
    shift: Address,
    mean: Address,
    sums: Address,
    rows: number,
    channels: number,
  ): void;
}

/** The copy of `activated.ts` that computes an activation, and the bounds it takes. */
const copies: Readonly<Record<Activation | "none", readonly [copy: string, low: number, high: number]>> = {
  none: ["clamp", Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  relu: ["clamp", 0, Number.POSITIVE_INFINITY],
  relu6: ["clamp", 0, 6],
  "hard-swish": ["hardSwish", 0, 0],
  "hard-sigmoid": ["hardSigmoid", 0, 0],
  gelu: ["gelu", 0, 0],
  silu: ["silu", 0, 0],
  sigmoid: ["sigmoid", 0, 0],
};

/** The kernels of each activation. */
export type ActivatedBy = Readonly<Record<Activation | "none", Activated>>;

function activatedBy(exported: Readonly<Record<string, (...numbers: number[]) => void>>): ActivatedBy {
  const of = ([copy, low, high]: (typeof copies)["none"]): Activated => {
    const bounded = (kernel: string) => exported[`${kernel}_${copy}`]!.bind(undefined, low, high);
    return {
      affinePlanes: bounded("affinePlanes"),
      affineRows: bounded("affineRows"),
      chainRows: bounded("chainRows"),
    };
  };
  return Object.fromEntries(Object.entries(copies).map(([act, copy]) => [act, of(copy)])) as ActivatedBy;
}

/** What the kernels are built for: relaxed SIMD rounds a·b + c once, and to the same bits on machines of one kind only. */
export type SimdLevel = "relaxed-simd" | "simd128";

const files: Readonly<Record<SimdLevel, string>> = {
  "relaxed-simd": "training-relaxed.wasm",
  simd128: "training.wasm",
};

/** The kernels at work in a memory. */
export interface Loaded {
  readonly kernels: Kernels;
  readonly activated: ActivatedBy;
  readonly level: SimdLevel;
  /** Of the module's bytes: equal hashes compute equal bits, on machines of one kind at least. */
  readonly hash: string;
}

/**
 * Load the kernels.
 *
 * @param level   one of `simdLevels`, by default the fastest
 * @param folder  where they were built
 * @throws Error  when they were not built
 */
export async function loadKernels(
  memory: WebAssembly.Memory,
  level = simdLevels()[0]!,
  folder = new URL("../kernels/", import.meta.url),
): Promise<Loaded> {
  prepareV8();
  const bytes = built(files[level], folder);
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
  const exported = instance.exports as Kernels & Parameters<typeof activatedBy>[0];
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  return { kernels: exported, activated: activatedBy(exported), level, hash };
}

/** The levels that V8 runs here, the fastest first. */
export function simdLevels(): readonly SimdLevel[] {
  prepareV8();
  return WebAssembly.validate(smallest) ? ["relaxed-simd", "simd128"] : ["simd128"];
}

/** A module of one function that returns f32x4.relaxed_madd of three zeros. */
const smallest = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b],
  ...[0x03, 0x02, 0x01, 0x00],
  ...[0x0a, 0x13, 0x01, 0x11, 0x00],
  ...[0x41, 0x00, 0xfd, 0x0f, 0x41, 0x00, 0xfd, 0x0f, 0x41, 0x00, 0xfd, 0x0f, 0xfd, 0x85, 0x02, 0x0b],
]);

function built(name: string, folder: URL): Buffer {
  try {
    return readFileSync(new URL(name, folder));
  } catch (cause) {
    throw new Error(`The training kernels are not built (${name} is missing): run npm run build.`, { cause });
  }
}
