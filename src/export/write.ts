import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { writing } from "../base/files.js";
import type { Engine } from "../train/engine.js";
import type { Exported, Format, WriteOptions } from "./format.js";

/**
 * Write a network as a file, which has its name only once it has been read back
 * and agrees; what does not agree is removed. Folders are made where missing.
 *
 * @param engine  what outputs are compared with
 * @returns       what was compared and how well it agreed, in one line
 * @throws UserError  (exit code 1) when it does not agree or the file cannot be written
 */
export async function writeExport(
  format: Format,
  exported: Exported,
  file: string,
  options: WriteOptions,
  engine: Engine,
): Promise<string> {
  const part = `${file}.part`;
  return writing(file, "Choose a place you may write to with -o.", async () => {
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(part, format.write(exported, options));
      const agreed = await format.verify(part, exported, engine);
      await rename(part, file);
      return agreed;
    } catch (error) {
      await rm(part, { force: true }).catch(() => {});
      throw error;
    }
  });
}
