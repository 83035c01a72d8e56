import type { ProxyCorrelation } from "../search/proxiesTable.js";
import { table } from "./table.js";

const show = (value: number | null): string => value?.toFixed(3) ?? "all equal";

/** How proxies rank networks, and which of them beat counting parameters and multiply-accumulates. */
export function proxiesText(
  rows: readonly (ProxyCorrelation & { readonly seconds: number | null })[],
  width: number,
): string {
  const bar = Math.max(...rows.filter((r) => r.isBaseline).map((r) => r.spearman ?? -1));
  const verdict = ({ isBaseline, spearman }: ProxyCorrelation): string => {
    if (isBaseline) return "baseline";
    return bar > -1 && (spearman ?? -1) <= bar ? "no better than a baseline" : "";
  };
  const interval = ({ spearmanInterval: found }: ProxyCorrelation) =>
    found === null ? "" : found.map((r) => r.toFixed(2)).join(" to ");
  const time = ({ seconds }: { readonly seconds: number | null }) => `${(seconds ?? 0).toFixed(2)} s`;
  return table(
    [
      { title: "proxy", of: (row) => row.proxy },
      { title: "Spearman", of: (row) => show(row.spearman), right: true },
      { title: "95 % interval", of: interval, right: true, drop: 4 },
      { title: "Kendall", of: (row) => show(row.kendall), right: true },
      { title: "networks", of: (row) => String(row.networks), right: true, drop: 2 },
      ...(rows.some(({ seconds }) => seconds !== null)
        ? [{ title: "a network", of: time, right: true, drop: 3 }]
        : []),
      { title: "", of: verdict, drop: 1 },
    ],
    rows,
    width,
  );
}
