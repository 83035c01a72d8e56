/**
 * A relative-position table as the bias it adds to attention's scores: resized
 * bilinearly (align corners; a size of 1 takes the first entry) to
 * [heads, 2h - 1, 2w - 1], then read at key - query + (h - 1, w - 1).
 *
 * @param table  [heads, 2·reach - 1, 2·reach - 1]
 * @returns      [heads, h·w, h·w], query before key
 */
export function attentionBias(
  table: Float32Array,
  heads: number,
  reach: number,
  h: number,
  w: number,
): Float32Array {
  const side = 2 * reach - 1;
  const rows = ends(side, 2 * h - 1);
  const columns = ends(side, 2 * w - 1);
  const at = (head: number, y: number, x: number) => table[(head * side + y) * side + x]!;
  const resized = (head: number, dy: number, dx: number) => {
    const [y0, y1, fy] = rows[dy + h - 1]!;
    const [x0, x1, fx] = columns[dx + w - 1]!;
    const above = at(head, y0, x0) * (1 - fx) + at(head, y0, x1) * fx;
    const below = at(head, y1, x0) * (1 - fx) + at(head, y1, x1) * fx;
    return above * (1 - fy) + below * fy;
  };
  const positions = h * w;
  const bias = new Float32Array(heads * positions * positions);
  let i = 0;
  for (let head = 0; head < heads; head++)
    for (let query = 0; query < positions; query++)
      for (let key = 0; key < positions; key++) {
        const dy = Math.floor(key / w) - Math.floor(query / w);
        bias[i++] = resized(head, dy, (key % w) - (query % w));
      }
  return bias;
}

/** For each of `to` places: the two of `from` it lies between and how far it is from the first. */
const ends = (from: number, to: number) =>
  Array.from({ length: to }, (_, i): readonly [low: number, high: number, far: number] => {
    const place = to === 1 ? 0 : (i * (from - 1)) / (to - 1);
    const low = Math.floor(place);
    return [low, Math.min(low + 1, from - 1), place - low];
  });
