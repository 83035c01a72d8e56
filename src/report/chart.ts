import type { ChalkInstance } from "chalk";

/** A line of a chart: y at x = 1, 2, 3, ... */
export interface Series {
  readonly name: string;
  readonly values: readonly number[];
}

const marks = ["●", "○", "▲", "△", "■", "□", "◆", "◇"];
const colours = ["cyan", "yellow", "green", "magenta", "red", "blue", "white", "gray"] as const;

/** The range of y shown: from where the lines have left the start behind them, up to the highest. */
function rangeOf(series: readonly Series[]): readonly [number, number] {
  const all = series.flatMap(({ values }) => values.slice(Math.floor(values.length * 0.05)));
  const [low, high] = [Math.min(...all), Math.max(...all)];
  return high > low ? [low, high] : [low - 0.5, high + 0.5];
}

/**
 * Lines as characters, for a terminal.
 *
 * @param width   of all, in characters
 * @param height  of the lines alone
 */
export function textChart(
  series: readonly Series[],
  {
    width,
    height,
    style,
  }: { readonly width: number; readonly height: number; readonly style: ChalkInstance },
): string {
  const [low, high] = rangeOf(series);
  const label = (y: number) => y.toFixed(2);
  const margin = Math.max(label(low).length, label(high).length) + 2;
  const columns = Math.max(10, width - margin);
  const cells = Array.from({ length: height }, () => Array<string>(columns).fill(" "));
  const most = Math.max(...series.map(({ values }) => values.length));
  for (const [i, { values }] of series.entries())
    for (let column = 0; column < columns; column++) {
      const at = Math.round((column / (columns - 1)) * (most - 1));
      const y = values[at];
      if (y === undefined || y < low) continue;
      const row = Math.round(((high - y) / (high - low)) * (height - 1));
      cells[row]![column] = style[colours[i % colours.length]!](marks[i % marks.length]!);
    }
  const lines = cells.map((row, i) => {
    const y = high - ((high - low) * i) / (height - 1);
    const tick = i === 0 || i === height - 1 || i === Math.floor(height / 2) ? label(y) : "";
    return `${tick.padStart(margin - 2)} │${row.join("").trimEnd()}`;
  });
  const last = String(most);
  const legend = series
    .map(({ name }, i) => `${style[colours[i % colours.length]!](marks[i % marks.length]!)} ${name}`)
    .join("  ");
  return [
    ...lines,
    `${" ".repeat(margin - 1)}└${"─".repeat(columns)}`,
    `${" ".repeat(margin)}1${" ".repeat(Math.max(1, columns - 1 - last.length))}${last}`,
    `${" ".repeat(margin)}${legend}`,
  ].join("\n");
}

const paints = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999999"];

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** Lines as an SVG picture with axes and a legend. */
export function svgChart(
  series: readonly Series[],
  { title, x, y }: { readonly title: string; readonly x: string; readonly y: string },
): string {
  const [width, height, left, bottom, top, right] = [800, 440, 70, 50, 40, 170];
  const [low, high] = rangeOf(series);
  const most = Math.max(2, ...series.map(({ values }) => values.length));
  const px = (n: number) => left + ((n - 1) / (most - 1)) * (width - left - right);
  const py = (value: number) => top + ((high - value) / (high - low)) * (height - top - bottom);
  const text = (at: readonly [number, number], words: string, more = "") =>
    `<text x="${at[0].toFixed(1)}" y="${at[1].toFixed(1)}" ${more}>${escaped(words)}</text>`;
  const ticks = Array.from({ length: 5 }, (_, i) => i / 4);
  const grid = ticks.flatMap((share) => {
    const value = low + share * (high - low);
    const n = Math.round(1 + share * (most - 1));
    return [
      `<line x1="${left}" x2="${width - right}" y1="${py(value).toFixed(1)}" y2="${py(value).toFixed(1)}" stroke="#ddd"/>`,
      text([left - 8, py(value) + 4], value.toFixed(2), 'text-anchor="end"'),
      text([px(n), height - bottom + 20], String(n), 'text-anchor="middle"'),
    ];
  });
  const lines = series.map(({ values }, i) => {
    const points = values.map(
      (value, at) => `${px(at + 1).toFixed(1)},${py(Math.max(low, value)).toFixed(1)}`,
    );
    return `<polyline fill="none" stroke="${paints[i % paints.length]}" stroke-width="2" points="${points.join(" ")}"/>`;
  });
  const legend = series.flatMap(({ name }, i) => {
    const at = top + 10 + i * 22;
    return [
      `<line x1="${width - right + 15}" x2="${width - right + 40}" y1="${at}" y2="${at}" stroke="${paints[i % paints.length]}" stroke-width="3"/>`,
      text([width - right + 46, at + 4], name),
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13" role="img" aria-label="${escaped(title)}">`,
    text([left, 22], title, 'font-size="15" font-weight="bold"'),
    ...grid,
    text([(left + width - right) / 2, height - 10], x, 'text-anchor="middle"'),
    text([16, top - 8], y),
    ...lines,
    ...legend,
    "</svg>",
  ].join("\n");
}

/** A page that needs nothing else: a title, some SVG and tables of text. */
export const htmlPage = (title: string, parts: readonly (string | { readonly text: string })[]): string =>
  [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    `<title>${escaped(title)}</title>`,
    '<meta name="viewport" content="width=device-width">',
    "<style>body{font-family:system-ui,sans-serif;max-width:860px;margin:2em auto;padding:0 1em}svg{width:100%}pre{overflow-x:auto}</style>",
    `</head><body><h1>${escaped(title)}</h1>`,
    ...parts.map((part) => (typeof part === "string" ? part : `<pre>${escaped(part.text)}</pre>`)),
    "</body></html>\n",
  ].join("\n");
