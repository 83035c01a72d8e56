import { type Rng, stream } from "../../base/rng.js";
import { type Dataset, type DatasetMember, type Examples, sharedBytes, splitDataset } from "../dataset.js";

const title = "synthetic textures and pairs";
const resolution = 32;
const channels = 3;
const count = 10_000;

const textures = ["rows", "columns", "twill", "plaid", "checks"] as const;
const pairs = ["level", "upright"] as const;
const classNames = textures.flatMap((texture) => pairs.map((pair) => `${texture}, ${pair} pair`));
const classes = classNames.length;

/**
 * Images drawn by this program, so that a first search needs no download. An
 * accuracy on them compares networks with each other, and says nothing else.
 *
 * 32 × 32 × 3, 10 classes = fine texture × far relation. The texture, with a period
 * of about 3 pixels, is one of rows, columns, twill (a diagonal either way), plaid
 * (rows and columns) and checks (both diagonals). The relation is whether two large
 * discs, 13 to 18 pixels apart, stand side by side or one above the other. All else
 * is chance: colours, shading, phase and period, contrast, position, small
 * distractors, noise. Neither class pixel means nor colours tell anything, and no
 * class changes when its image is flipped left to right.
 */
export const synthetic = {
  title,
  synthetic: true,
  holds: () => false,
  load: async (): Promise<Dataset> =>
    splitDataset(
      {
        name: "synthetic",
        title,
        synthetic: true,
        channels,
        resolution,
        classes,
        classNames,
        source: "drawn by nas itself",
      },
      draw(),
    ),
} satisfies DatasetMember;

function draw(): Examples {
  const images = sharedBytes(count * resolution ** 2 * channels);
  const labels = sharedBytes(count);
  const size = resolution ** 2 * channels;
  const rng = stream(0, "synthetic");
  const grain = Float32Array.from({ length: 1 << 16 }, () => between(rng, -1, 1));
  for (let i = 0; i < count; i++) {
    const label = i % classes;
    labels[i] = label;
    drawImage(images.subarray(i * size, (i + 1) * size), label, grain, rng);
  }
  return { images, labels };
}

type Colour = readonly [number, number, number];
const colour = (rng: Rng): Colour => [rng.float(), rng.float(), rng.float()];
const between = (rng: Rng, low: number, high: number): number => low + (high - low) * rng.float();
const sign = (rng: Rng): number => 2 * rng.below(2) - 1;

interface Disc {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly colour: Colour;
}

function drawImage(image: Uint8Array, label: number, grain: Float32Array, rng: Rng): void {
  const texture = textures[Math.floor(label / pairs.length)]!;
  const pair = pairs[label % pairs.length]!;
  const weave = weaveOf(texture, rng);
  const [from, to, thread] = [colour(rng), colour(rng), colour(rng)];
  const angle = between(rng, 0, 2 * Math.PI);
  const contrast = between(rng, 0.15, 0.4);
  const noise = between(rng, 0.1, 0.3);
  const discs = [...pairOf(pair, from, rng), ...distractors(rng)];
  let speck = rng.below(grain.length);
  for (let y = 0; y < resolution; y++)
    for (let x = 0; x < resolution; x++) {
      const shade = 0.5 + ((x - 15.5) * Math.cos(angle) + (y - 15.5) * Math.sin(angle)) / 44;
      const cover = discs.find((d) => (x - d.x) ** 2 + (y - d.y) ** 2 < d.radius ** 2);
      const woven = cover === undefined ? contrast * weave(x, y) : 0;
      for (let c = 0; c < channels; c++) {
        const ground = cover?.colour[c] ?? from[c]! + (to[c]! - from[c]!) * shade;
        speck = (speck + 1) % grain.length;
        const value = ground + woven * (2 * thread[c]! - 1) + noise * grain[speck]!;
        image[(y * resolution + x) * channels + c] = Math.min(255, Math.max(0, 38 + 179 * value));
      }
    }
}

/** A pattern over the plane, -1..1. */
function weaveOf(texture: (typeof textures)[number], rng: Rng): (x: number, y: number) => number {
  const frequency = (2 * Math.PI) / between(rng, 2.6, 3.6);
  const [phase, other] = [between(rng, 0, 2 * Math.PI), between(rng, 0, 2 * Math.PI)];
  const slope = sign(rng);
  const along = (dx: number, dy: number, shift: number) => (x: number, y: number) =>
    Math.cos(frequency * (dx * x + dy * y) + shift);
  const [rows, columns] = [along(0, 1, phase), along(1, 0, other)];
  const diagonal = Math.SQRT1_2;
  const [rising, falling] = [along(diagonal, diagonal, phase), along(diagonal, -diagonal, other)];
  switch (texture) {
    case "rows":
      return rows;
    case "columns":
      return columns;
    case "twill":
      return slope > 0 ? rising : falling;
    case "plaid":
      return (x, y) => (rows(x, y) + columns(x, y)) * diagonal;
    case "checks":
      return (x, y) => (rising(x, y) + falling(x, y)) * diagonal;
  }
}

/** Two discs whose centres are 13 to 18 pixels apart along one axis and nearly level along the other. */
function pairOf(pair: (typeof pairs)[number], from: Colour, rng: Rng): Disc[] {
  const far = between(rng, 13, 18);
  const near = between(rng, -3, 3);
  const along = between(rng, 5, resolution - 1 - 5 - far);
  const across = between(rng, 7, resolution - 1 - 7);
  return [0, 1].map((i) => {
    const [a, b] = [along + i * far, across + (i - 0.5) * near];
    const [x, y] = pair === "level" ? [a, b] : [b, a];
    return { x, y, radius: between(rng, 3.5, 5), colour: unlike(from, rng) };
  });
}

/** A colour that stands out from another: each channel at least 0.3 away. */
const unlike = (other: Colour, rng: Rng): Colour => {
  const channel = (c: number) => (c + between(rng, 0.3, 0.7)) % 1;
  return [channel(other[0]), channel(other[1]), channel(other[2])];
};

const distractors = (rng: Rng): Disc[] =>
  Array.from({ length: rng.below(4) }, () => ({
    x: between(rng, 0, resolution - 1),
    y: between(rng, 0, resolution - 1),
    radius: between(rng, 1, 2),
    colour: colour(rng),
  }));
