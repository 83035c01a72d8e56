import type { Operator } from "../operator.js";
import { map, zeros } from "../tensor.js";

/**
 * Max-relative features: how far each number stands above the lowest of those it
 * is linked to, `step` apart in its column and row, or 0.
 *
 * Source: Munir et al. 2023, MobileViG, arXiv:2307.00395, §3.1.
 */
export const maxRelative: Operator<"maxRelative"> = ({ step }, { inputs: [x] }) => {
  const [c, h, w] = x!.shape;
  /** Where the number stands that gives the largest difference; the place itself when none is above 0. */
  const lowest = Array.from(x!.data, (_, at) => {
    const column = Math.floor(at / c) % w;
    const row = Math.floor(at / c / w) % h;
    let best = at;
    for (let i = step; i < h; i += step) best = lower(best, at + (((row - i + h) % h) - row) * w * c);
    for (let i = step; i < w; i += step) best = lower(best, at + (((column - i + w) % w) - column) * c);
    return best;
  });
  function lower(a: number, b: number): number {
    return x!.data[b]! < x!.data[a]! ? b : a;
  }
  return {
    value: map(x!, (v, i) => v - x!.data[lowest[i]!]!),
    back(dy) {
      const dx = zeros(x!.count, x!.shape);
      dy.data.forEach((d, i) => {
        dx.data[i]! += d;
        dx.data[lowest[i]!]! -= d;
      });
      return { inputs: [dx], weights: {} };
    },
  };
};
