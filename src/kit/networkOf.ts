import type { Node } from "../graph/node.js";
import { input } from "../graph/node.js";
import { parse } from "../graph/text.js";
import { kernelOf } from "../latency/kernelText.js";
import type { ModelKind } from "../latency/kitFiles.js";
import { alone } from "../latency/piece.js";

/** What a call takes where there is next to nothing to compute. */
const call = input([8, 8, 8]).act("relu");

/** The network of a kit's model, from its key; of a whole network the key is opened by `open`. */
export function networkOf(kind: ModelKind, key: string, open: (key: string) => Node): Node {
  switch (kind) {
    case "call":
      return call;
    case "kernel":
      return alone(kernelOf(key));
    case "block":
      return parse(key.replaceAll("; ", "\n"));
    case "network":
      return open(key);
  }
}
