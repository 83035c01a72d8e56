import { readFileSync } from "node:fs";
import { exitCodes, UserError } from "./errors.js";

/**
 * The text of a file that a user named.
 *
 * @param isWhat  what it must be, as a sentence
 * @throws UserError  (exit code 5) when it cannot be read
 */
export function readText(file: string, isWhat: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UserError(
      `cannot read ${file}: ${(error as NodeJS.ErrnoException).code}`,
      isWhat,
      exitCodes.data,
    );
  }
}

/** Where a text stops being the beginning of some JSON: its length, if it was cut short. */
function firstWrong(text: string): number {
  const mayGoOn = (end: number) => {
    try {
      JSON.parse(text.slice(0, end));
      return true;
    } catch (error) {
      const { message } = error as Error;
      return /^(Unexpected end|Unterminated)/.test(message) || message.includes(`position ${end}`);
    }
  };
  let [right, wrong] = [0, text.length];
  while (wrong - right > 1) {
    const middle = Math.floor((right + wrong) / 2);
    if (mayGoOn(middle)) right = middle;
    else wrong = middle;
  }
  return right;
}

/**
 * JSON in a file's text.
 *
 * @param where     what errors call the file
 * @param whatToDo  when it is none
 * @throws UserError  (exit code 2) that says so, with the line, and whether it was cut short
 */
export function parseJson(text: string, where: string, whatToDo: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const said = (error as Error).message.replaceAll(/\s+/g, " ");
    const line = text.slice(0, firstWrong(text)).split("\n").length;
    const cut = /[\]}]\s*$/.test(text) ? "" : "; it ends in the middle";
    throw new UserError(`${where}, line ${line}: not JSON: ${said}${cut}`, whatToDo);
  }
}

/**
 * Do what writes a place that a user named.
 *
 * @param what      the file or folder
 * @param whatToDo  when it cannot be written
 * @throws UserError  (exit code 1) when the system refuses; other errors go on as they are
 */
export async function writing<T>(what: string, whatToDo: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (path === undefined || code === undefined) throw error;
    throw new UserError(`cannot write ${what}: ${code}`, whatToDo, exitCodes.runtime);
  }
}
