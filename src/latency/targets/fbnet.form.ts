/**
 * What HELP measured of the fbnet space. The data do not say; the times do: the first five
 * layers take as long as their MACs at one resolution, so the strides before are 1, as for
 * CIFAR's 32 × 32 pixels (HW-NAS-Bench has tables of that form). See docs/latency.md.
 */
export const form = "32 x 32 pixels, the first two strides 1, 100 classes";
