import { lookup, names } from "../../base/lookup.js";
import type { Node } from "../../graph/node.js";
import type { Activation } from "../../graph/op.js";
import * as attentions from "../attentions/index.js";

/** The values of a block's choice `attention`, none first. */
export const attentionNames: readonly string[] = ["none", ...names(attentions).filter((n) => n !== "none")];

type Step = (x: Node, act: Activation) => Node;

const nothing: Step = (x) => x;

/** What an attention type does to the widened maps inside a block, and to what the block returns. */
export function attend(name: string): { readonly inside: Step; readonly after: Step } {
  const { place, apply } = lookup(attentions, name, "attention");
  return place === "inside" ? { inside: apply, after: nothing } : { inside: nothing, after: apply };
}
