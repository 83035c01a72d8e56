import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { exitCodes, UserError } from "../src/base/errors.js";
import type { ErrorSummary } from "../src/latency/target.js";

/** Counts in full; nine digits are more than any other of these numbers deserves, and read the same everywhere. */
const short = (_: string, value: unknown) =>
  typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(9)) : value;

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

/** @throws UserError  when the file cannot be read */
export function readText(path: string): string {
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

/** Run `main` with the values of these flags, when the module is what node was asked to run. */
export function runWith<F extends string>(
  moduleUrl: string,
  flags: readonly F[],
  main: (given: { readonly [K in F]?: string }) => void,
): void {
  if (moduleUrl !== pathToFileURL(process.argv[1] ?? "").href) return;
  try {
    const options = Object.fromEntries(flags.map((flag) => [flag, { type: "string" } as const]));
    main(parseArgs({ options }).values as { readonly [K in F]?: string });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(`error: ${error.message}\n       ${error.whatToDo}`);
    process.exitCode = error.exitCode;
  }
}
