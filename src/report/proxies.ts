import type { ProxyCorrelation } from "../search/proxiesTable.js";
import { table } from "./table.js";

const show = (value: number | null): string => value?.toFixed(3) ?? "all equal";

/** How proxies rank networks, and which of them beat counting parameters and multiply-accumulates. */
export function proxiesText(rows: readonly ProxyCorrelation[], width: number): string {
  const bar = Math.max(...rows.filter((r) => r.isBaseline).map((r) => r.spearman ?? -1));
  const verdict = ({ isBaseline, spearman }: ProxyCorrelation): string => {
    if (isBaseline) return "baseline";
    return bar > -1 && (spearman ?? -1) <= bar ? "no better than a baseline" : "";
  };
  return table(
    [
      { title: "proxy", of: (row) => row.proxy },
      { title: "Spearman", of: (row) => show(row.spearman), right: true },
      { title: "Kendall", of: (row) => show(row.kendall), right: true },
      { title: "networks", of: (row) => String(row.networks), right: true, drop: 2 },
      { title: "", of: verdict, drop: 1 },
    ],
    rows,
    width,
  );
}
