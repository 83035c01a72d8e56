import type { Node } from "../graph/node.js";
import type { Activation } from "../graph/op.js";

/** One value a choice can take. A list (dilation levels) is one value. */
export type Value = string | number | readonly number[];

/** The values each choice of a block knows. A space may allow fewer, never others. */
export type Choices = { readonly [name: string]: readonly Value[] };

/** One value for each choice. */
export type Picked<C extends Choices> = { readonly [K in keyof C]: C[K][number] };

/** What the stage, not the block, decides. */
export interface Stage {
  /** Channels out. */
  readonly width: number;
  /** 1 or 2. */
  readonly stride: number;
  readonly act: Activation;
}

/**
 * One kind of block: its choices and the graph they make.
 *
 * @property build       pure; takes [cin, h, w] to [width, ⌈h/stride⌉, ⌈w/stride⌉]
 * @property keepsShape  true when `build` needs stride 1 and width = channels in; the
 *                       space then puts a 3 × 3 convolution and a norm in front where a stage changes them
 */
export interface Block<C extends Choices = Choices> {
  readonly choices: C;
  readonly keepsShape?: boolean;
  build(x: Node, pick: Picked<C>, stage: Stage): Node;
}

/** Values of a choice, typed as just these. */
export const oneOf = <const V extends readonly Value[]>(...values: V): V => values;

export const defineBlock = <const C extends Choices>(block: Block<C>): Block<C> => block;

/** The nearest multiple of 8, at least 8, and at least 0.9 n (the rounding of MobileNet's widths). */
export function round8(n: number): number {
  const nearest = Math.max(8, Math.floor((n + 4) / 8) * 8);
  return nearest < 0.9 * n ? nearest + 8 : nearest;
}
