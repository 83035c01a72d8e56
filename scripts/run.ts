import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { exitCodes, UserError } from "../src/base/errors.js";
import type { ErrorSummary } from "../src/latency/target.js";

/** Nine digits are more than any of these numbers deserves, and read the same everywhere. */
const short = (_: string, value: unknown) =>
  typeof value === "number" ? Number(value.toPrecision(9)) : value;

/** Write a file of the source that exports one value of a type. */
export function writeConstant(
  file: string,
  given: { by: string; import: string; name: string; type: string; value: unknown },
): void {
  writeFileSync(
    file,
    [
      `// Written by \`${given.by}\`; do not edit.`,
      ...(given.import === "" ? [] : [given.import, ""]),
      `export const ${given.name}: ${given.type} = ${JSON.stringify(given.value, short, 2)};`,
      "",
    ].join("\n"),
  );
  execFileSync("npx", ["biome", "format", "--write", file], { stdio: "ignore" });
}

/** One line of a table of errors in Markdown. */
export const errorLine = (name: string, { n, rmsLog, mape }: ErrorSummary): string =>
  `| ${name} | ${n} | ${rmsLog.toFixed(3)} | ${(100 * mape).toFixed(1)} % |`;

function read(path: string | undefined): string {
  if (path === undefined) throw new UserError("no measurements", "Give the file: --csv measurements.csv");
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw new UserError(
      `cannot read ${path}`,
      "It must be a CSV file of measured latencies.",
      exitCodes.data,
    );
  }
}

/** Run `main` on the text of the file that `--csv` names, when the module is what node was asked to run. */
export function runOnCsv(moduleUrl: string, main: (csv: string) => void): void {
  if (moduleUrl !== pathToFileURL(process.argv[1] ?? "").href) return;
  try {
    main(read(parseArgs({ options: { csv: { type: "string" } } }).values.csv));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(`error: ${error.message}\n       ${error.whatToDo}`);
    process.exitCode = error.exitCode;
  }
}
