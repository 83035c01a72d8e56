import type { Attention } from "./attention.js";

/**
 * Sparse vision graph attention: each position is joined with the largest
 * difference to every second position of its row and column.
 *
 * params  7·c² + 12·c
 * paper   Munir et al. 2023, MobileViG, arXiv:2307.00395
 */
export const graph: Attention = {
  place: "after",
  apply(x, act) {
    const c = x.channels;
    const entry = x.conv(c, { bias: true }).norm();
    const mixed = entry
      .concat(entry.maxRelative(2))
      .conv(2 * c, { bias: true })
      .norm()
      .act(act);
    return mixed.conv(c, { bias: true }).norm().add(x);
  },
};
