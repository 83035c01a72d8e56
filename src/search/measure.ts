import { featuresMoved, peakActivation } from "../graph/cost.js";
import { energyMj } from "../graph/energy.js";
import { kernels } from "../graph/fuse.js";
import { input, type Node } from "../graph/node.js";
import type { Shape } from "../graph/op.js";
import { blocksMs, operatorsOf } from "../latency/blocks.js";
import { type Extent, extent, outside } from "../latency/coverage.js";
import { halfWidthOf, tableWidth } from "../latency/predict.js";
import { restMsOf, type StageMs, stageMs } from "../latency/stageMs.js";
import type { Target } from "../latency/target.js";
import { builderOf, deployedForm } from "../space/build.js";
import { parseGene } from "../space/candidate.js";
import type { Space } from "../space/space.js";
import { checkKnows } from "./latencyOf.js";
import type { Measure } from "./trial.js";

/** Of float32, as costs are stated. */
const bytesPerValue = 4;

/** Stem, a stage or the head of a network: what it hands on, and what it adds. */
interface Piece extends StageMs {
  /** The feature map it hands on, without the network before it; one node for each shape. */
  readonly out: Node;
  readonly size: Omit<Extent, "traits">;
  /** It has a trait that no network of the target's fit has. */
  readonly isStrange: boolean;
  readonly peakActivationBytes: number;
  /** Values of feature maps its kernels read and write. */
  readonly moved: number;
}

/** A value for each key, made when first asked for. */
function memo<K, V>(make: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const made = make(key);
    known.set(key, made);
    return made;
  };
}

/**
 * The pieces of a canonical genome's deployed network, each built once for what it is and the
 * shape it reads. No kernel reaches over the end of a piece, and no feature map but the last;
 * so a network costs and takes what its pieces do.
 */
function piecesOf(space: Space, target: Target): (genome: string) => readonly Piece[] {
  const { stem, stage, head } = builderOf(space, deployedForm(space));
  const msOf = stageMs(target);
  const inputOf = memo((shape: string) => input(shape.split(",").map(Number) as unknown as Shape));
  const pieceOf = (network: Node): Piece => {
    const order = kernels(network);
    const { traits, ...size } = extent(order);
    const known = target.kind === "kernels" ? target : undefined;
    return {
      out: inputOf(network.shape.join()),
      ...msOf(network),
      size,
      isStrange: known !== undefined && traits.some((trait) => !known.validity.traits.includes(trait)),
      peakActivationBytes: bytesPerValue * peakActivation(network),
      moved: featuresMoved(order),
    };
  };
  const first = pieceOf(stem());
  const stages = space.stages.map((spec, i) =>
    memo((gene: string) => memo((x: Node) => pieceOf(stage(x, i, parseGene(spec, gene))))),
  );
  const last = memo((x: Node) => pieceOf(head(x)));
  return (genome) => {
    const pieces = [first];
    let { out } = first;
    genome
      .slice(genome.indexOf(":") + 1)
      .split("/")
      .forEach((gene, i) => {
        const piece = stages[i]!(gene)(out);
        pieces.push(piece);
        out = piece.out;
      });
    pieces.push(last(out));
    return pieces;
  };
}

/** Sizes and memory of a whole network. */
function total(pieces: readonly Piece[]) {
  const size = { macs: 0, params: 0, kernels: 0, resolution: 0, channels: 0, kernelSize: 0 };
  let [ms, extrapolatedMs, peakActivationBytes, moved, isStrange] = [0, 0, 0, 0, false];
  for (const piece of pieces) {
    ms += piece.ms;
    extrapolatedMs += piece.extrapolatedMs;
    size.macs += piece.size.macs;
    size.params += piece.size.params;
    size.kernels += piece.size.kernels;
    size.resolution = Math.max(size.resolution, piece.size.resolution);
    size.channels = Math.max(size.channels, piece.size.channels);
    size.kernelSize = Math.max(size.kernelSize, piece.size.kernelSize);
    peakActivationBytes = Math.max(peakActivationBytes, piece.peakActivationBytes);
    moved += piece.moved;
    isStrange ||= piece.isStrange;
  }
  const trafficBytes = bytesPerValue * (size.params + moved);
  return { ms, extrapolatedMs, size, isStrange, peakActivationBytes, trafficBytes };
}

/**
 * Cost of a genome's deployed form and its latency on the target, remembered by genome; the
 * same as of the whole graph, but for rounding, at a small part of the time.
 *
 * @returns  of a canonical genome
 * @throws UserError  when the target knows nothing of the space, or its strides do not divide its resolution
 */
export function measurer(space: Space, target: Target): (genome: string) => Measure {
  checkKnows(target, space);
  const pieces = piecesOf(space, target);
  return memo((genome) => {
    const { ms: stagesMs, extrapolatedMs, size, isStrange, ...memory } = total(pieces(genome));
    let ms = restMsOf(target) + stagesMs;
    let halfWidth = target.interval.halfWidth;
    let extrapolated = false;
    if (target.kind === "blocks") ms = blocksMs(operatorsOf(genome, target.table), target.table);
    else if (target.kind === "measured")
      ({ halfWidth, extrapolated } = tableWidth(target, extrapolatedMs / ms));
    else {
      const { ways, excess } = outside({ ...size, traits: [] }, target.validity);
      extrapolated = isStrange || ways.length > 0;
      halfWidth = halfWidthOf(target.interval, extrapolated, excess);
    }
    return {
      latencyMs: ms,
      latencyLowMs: ms * Math.exp(-halfWidth),
      latencyHighMs: ms * Math.exp(halfWidth),
      latencyKind: extrapolated ? "extrapolated" : "predicted",
      params: size.params,
      macs: size.macs,
      peakActivationBytes: memory.peakActivationBytes,
      energyMj: energyMj({ macs: size.macs, trafficBytes: memory.trafficBytes }),
    };
  });
}
