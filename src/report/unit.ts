/** Milliseconds for eyes: `0.93 ms`, `12.4 ms`. */
export const showMs = (ms: number): string => `${ms.toPrecision(3)} ms`;

/** Millijoules for eyes: `7.31 mJ`, `940 µJ`. */
export const showMj = (mj: number): string =>
  mj < 1 ? `${(mj * 1000).toPrecision(3)} µJ` : `${mj.toPrecision(3)} mJ`;

/** A share 0..1 for eyes: `61.3 %`. */
export const showPercent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** A count for eyes: `3.50 M`, `617 M`, `5.64 G`. */
export function showCount(n: number): string {
  const [size, unit] = n >= 1e9 ? [1e9, " G"] : n >= 1e6 ? [1e6, " M"] : n >= 1e4 ? [1e3, " k"] : [1, ""];
  return unit === "" ? String(n) : `${(n / size).toPrecision(3)}${unit}`;
}

/** Bytes for eyes, in powers of 1024: `1.53 MiB`. */
export function showBytes(bytes: number): string {
  const power = Math.min(3, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return power === 0 ? `${bytes} B` : `${(bytes / 1024 ** power).toPrecision(3)} ${"KMG"[power - 1]}iB`;
}

/** A length of time for eyes: `42 s`, `3 min 05 s`, `2 h 10 min`. */
export function showDuration(ms: number): string {
  const s = Math.round(ms / 1000);
  if (s < 60) return `${s} s`;
  const two = (n: number) => String(n).padStart(2, "0");
  return s < 3600
    ? `${Math.floor(s / 60)} min ${two(s % 60)} s`
    : `${Math.floor(s / 3600)} h ${two(Math.floor((s % 3600) / 60))} min`;
}

/** A whole number of any size for eyes: `1024`, `5.2e19`. */
export function showSize(n: bigint): string {
  if (n < 10n ** 6n) return String(n);
  const digits = String(n);
  return `${digits[0]}.${digits[1]}e${digits.length - 1}`;
}
