import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** Where measured tables are kept: `$XDG_DATA_HOME/nas/targets`, by default below `~/.local/share`. */
export const tableFolder = (): string =>
  join(process.env.XDG_DATA_HOME || join(homedir(), ".local", "share"), "nas", "targets");

/** The file of the table with a name. */
export const tablePath = (name: string): string => join(tableFolder(), `${name}.json`);

/** Names of the tables that are kept, sorted. */
export const tableNames = (): readonly string[] =>
  existsSync(tableFolder())
    ? readdirSync(tableFolder())
        .flatMap((file) => /^([a-z0-9][a-z0-9.@-]*)\.json$/.exec(file)?.[1] ?? [])
        .sort()
    : [];
