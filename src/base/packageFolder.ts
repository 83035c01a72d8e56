import { existsSync } from "node:fs";

/** The nearest folder above this file with a package.json. */
export function packageFolder(): URL {
  for (let folder = new URL(".", import.meta.url); ; folder = new URL("..", folder))
    if (existsSync(new URL("package.json", folder))) return folder;
}
