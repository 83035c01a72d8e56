import { input, type Node } from "../graph/node.js";

/** Two inverted residuals on 32 × 32 pixels: a small piece of what a search trains. */
export function probeNetwork(): Node {
  let x = input([3, 32, 32]).conv(16, { kernel: 3, stride: 2 }).norm().act("relu6");
  for (const stride of [1, 2]) {
    x = x.conv(48).norm().act("relu6").depthwise({ kernel: 3, stride }).norm().act("relu6").conv(16).norm();
  }
  return x.globalPool().conv(10, { bias: true });
}
