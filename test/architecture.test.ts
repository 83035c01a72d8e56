import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, sep } from "node:path";
import { test } from "node:test";
import ts from "typescript";

/** What each folder of src may import from, besides itself: the arrows of the design. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  base: [],
  graph: ["base"],
  space: ["base", "graph"],
  latency: ["base", "graph"],
  train: ["base", "graph"],
  search: ["base", "graph", "space", "latency", "train"],
  store: ["base", "graph", "space", "latency", "train", "search"],
  export: ["base", "graph", "space", "latency", "train", "search", "store"],
  report: ["base", "graph", "space", "latency", "train", "search", "store"],
  measure: ["base", "graph", "space", "latency", "train", "search", "store", "export"],
  kit: ["base", "graph", "space", "latency", "train", "search", "store", "export", "measure"],
  cli: [
    "base",
    "graph",
    "space",
    "latency",
    "train",
    "search",
    "store",
    "export",
    "report",
    "measure",
    "kit",
  ],
};

/** Compiled by AssemblyScript, not by TypeScript: another language with the same endings. */
const otherLanguage = join("train", "kernels");

const files = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts") && !file.startsWith(otherLanguage + sep))
  .sort();

const sources = new Map(
  files.map((file) => [
    file,
    ts.createSourceFile(file, readFileSync(join("src", file), "utf8"), ts.ScriptTarget.ES2022, true),
  ]),
);

/** Every node of a file. */
function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  for (const child of node.getChildren()) yield* nodesOf(child);
}

/** Modules a file names: static, re-exported and dynamic imports, and imported types. */
function importsOf(source: ts.SourceFile): readonly string[] {
  const found: (ts.Node | undefined)[] = [];
  for (const node of nodesOf(source)) {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) found.push(node.moduleSpecifier);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      found.push(node.arguments[0]);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      found.push(node.argument.literal);
  }
  return found.flatMap((node) => (node && ts.isStringLiteral(node) ? [node.text] : []));
}

/** The file of src that a relative import means. */
const target = (file: string, from: string): string =>
  normalize(join(dirname(file), from)).replace(/\.js$/, ".ts");

const folderOf = (file: string): string => file.split(sep)[0]!;

const edges = [...sources].flatMap(([file, source]) =>
  importsOf(source).map((from) => ({
    file,
    from,
    to: from.startsWith(".") ? target(file, from) : undefined,
  })),
);

test("Every folder of src has its place in the design, and every import is seen", () => {
  assert.deepEqual([...new Set(files.map(folderOf))].sort(), Object.keys(mayImport).sort());
  assert.ok(files.length > 50 && edges.length > files.length);
  for (const { file, from, to } of edges)
    if (to !== undefined) assert.ok(sources.has(to), `${file} imports ${from}, which is no file of src`);
});

test("Folders import only from folders left of them; space, latency and train never from each other", () => {
  const wrong = edges.filter(
    ({ file, to }) =>
      to !== undefined &&
      folderOf(to) !== folderOf(file) &&
      !mayImport[folderOf(file)]!.includes(folderOf(to)),
  );
  assert.deepEqual(
    wrong.map(({ file, to }) => `${file} imports ${to}`),
    [],
  );
});

test("base imports Node's built-in modules and zod alone", () => {
  const wrong = edges.filter(
    ({ file, from, to }) =>
      folderOf(file) === "base" && to === undefined && !from.startsWith("node:") && from !== "zod",
  );
  assert.deepEqual(wrong, []);
});

test("No import goes round in a circle, types included", () => {
  const to = new Map<string, readonly string[]>(
    files.map((file) => [file, edges.filter((e) => e.file === file && e.to !== undefined).map((e) => e.to!)]),
  );
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    assert.equal(start, -1, `import cycle: ${[...path.slice(start), file].join(" -> ")}`);
    if (done.has(file)) return;
    for (const next of to.get(file)!) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
});

test("Only the store has SQL", () => {
  const sql =
    /\b(SELECT|INSERT (OR \w+ )?INTO|CREATE (TABLE|INDEX|VIEW)|DELETE FROM|PRAGMA|UPDATE \w+ SET)\b/;
  const isText = (node: ts.Node): boolean =>
    ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
  const found = [...sources].filter(([, source]) =>
    [...nodesOf(source)].some((n) => isText(n) && sql.test(n.getText())),
  );
  assert.deepEqual([...new Set(found.map(([file]) => folderOf(file)))], ["store"]);
  const drivers = edges.filter(({ from }) => from === "sqlite3").map(({ file }) => folderOf(file));
  assert.deepEqual([...new Set(drivers)], ["store"]);
});

const texts = /\.(ts|mjs|js|json|md|yaml|yml|sh|toml)$/;
const skipped = new Set(["node_modules", "dist", ".build", ".git", "runs"]);

function* textFiles(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!skipped.has(entry.name)) yield* textFiles(path);
    } else if (texts.test(entry.name) || path === join(".ci", "run") || entry.name === ".npmrc") yield path;
  }
}

test("No file names a place on somebody's machine, and the lock no registry", () => {
  const place = /(?<![\w.$}/])\/(home|Users|root|work|tmp|opt|mnt)\/[\w.-]|[A-Z]:\\\\?Users/;
  const wrong = [...textFiles(".")].filter((file) => place.test(readFileSync(file, "utf8")));
  assert.deepEqual(wrong, []);
  const lock = readFileSync("package-lock.json", "utf8");
  assert.doesNotMatch(lock, /"resolved": "https?:/);
});
