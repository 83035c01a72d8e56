import type { Node } from "../../graph/node.js";

/** One layer of a table. */
export interface Row {
  /** Channels out. */
  readonly width: number;
  readonly stride: number;
  /** The number behind a letter: `number("k")` of `k5` is 5. */
  number(letter: string): number;
  /** Whether a word such as `se` stands there. */
  has(word: string): boolean;
}

/**
 * Build a network's stages from a table as papers print them. A line is a stage:
 * what all its layers share, a colon, then the layers with `|` between.
 *
 *     o40 se: k5 e3 s2 n3
 *     o80: k3 e6 s2 | k3 e2.5 | k3 e2.3 n2
 *
 * `o` is the channels out, `s` the stride (1 unless said), `n` how often the layer stands
 * there, with the stride only the first time. Other letters and words are `layer`'s own.
 * Parts are named stage1.1, stage1.2, ...; a layer that hands on its input has no part.
 */
export function stages(x: Node, table: string, layer: (x: Node, row: Row) => Node): Node {
  let last = x;
  const lines = table.trim().split("\n");
  lines.forEach((line, i) => {
    layersOf(line).forEach((row, j) => {
      const next = layer(last, row);
      if (next !== last) last = next.as(`stage${i + 1}.${j + 1}`);
    });
  });
  return last;
}

function layersOf(line: string): Row[] {
  const [shared, layers] = line.split(":") as [string, string];
  return layers.split("|").flatMap((own) => {
    const words = `${shared} ${own}`.trim().split(/\s+/);
    const found = new Map<string, number>();
    for (const word of words) {
      const match = /^([a-z])([\d.]+)$/.exec(word);
      if (match !== null) found.set(match[1]!, Number(match[2]));
    }
    const number = (letter: string) => {
      const value = found.get(letter);
      if (value === undefined) throw new Error(`the table line "${line.trim()}" has no ${letter}`);
      return value;
    };
    const row = { width: number("o"), number, has: (word: string) => words.includes(word) };
    const stride = (n: number) => (n === 0 ? (found.get("s") ?? 1) : 1);
    return Array.from({ length: found.get("n") ?? 1 }, (_, n) => ({ ...row, stride: stride(n) }));
  });
}
