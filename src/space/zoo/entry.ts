import type { Node } from "../../graph/node.js";

/** What its authors report of a network; rounded as they print it. */
export interface Published {
  readonly params?: number;
  readonly macs?: number;
  /** ImageNet top-1 accuracy, 0..1. */
  readonly top1?: number;
  /** Where these figures stand. */
  readonly source: string;
}

/** A published network. */
export interface ZooEntry {
  readonly title: string;
  /** Pixels across of its square input. */
  readonly resolution: number;
  /** Paper, and the code its details are taken from. */
  readonly source: string;
  readonly published?: Published;
  /** Pure. The last node is [1000, 1, 1], or the last feature map where the network is only a backbone. */
  build(): Node;
}
