/** `iphone13-npu-20261121-101500`: sorts by time. */
export const runName = (what: string, now: Date): string =>
  `${what}-${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-")}`;
