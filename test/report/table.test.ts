import assert from "node:assert/strict";
import { test } from "node:test";
import { pairs, table } from "../../src/report/table.js";

interface Row {
  readonly name: string;
  readonly n: number;
  readonly note: string;
}

const rows: readonly Row[] = [
  { name: "a", n: 5, note: "first" },
  { name: "longer", n: 1234, note: "" },
];

const columns = [
  { title: "name", of: (r: Row) => r.name },
  { title: "n", of: (r: Row) => String(r.n), right: true },
  { title: "note", of: (r: Row) => r.note, drop: 1 },
  { title: "again", of: (r: Row) => r.note, drop: 2 },
];

test("A table is aligned, numbers to the right, without spaces at line ends", () => {
  assert.equal(
    table(columns.slice(0, 3), rows, Number.POSITIVE_INFINITY),
    ["name       n  note", "a          5  first", "longer  1234"].join("\n"),
  );
});

test("Where it is too wide, columns go by their number, the largest first", () => {
  assert.equal(table(columns, rows, 26).split("\n")[0], "name       n  note   again");
  assert.equal(table(columns, rows, 25).split("\n")[0], "name       n  note");
  assert.equal(table(columns, rows, 18).split("\n")[0], "name       n");
});

test("What still does not fit is cut, and shows it", () => {
  const cut = table(columns, rows, 8).split("\n");
  assert.deepEqual(cut, ["name   …", "a      …", "longer …"]);
});

test("Pairs are aligned, and leave out what is not known", () => {
  assert.equal(
    pairs([
      ["target", "x"],
      ["why", undefined],
      ["", "more"],
    ]),
    "target  x\n        more",
  );
});
