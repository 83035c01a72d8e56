import { readFileSync } from "node:fs";
import { packageFolder } from "../base/packageFolder.js";

/** The version of this package. */
export const version = (): string =>
  JSON.parse(readFileSync(new URL("package.json", packageFolder()), "utf8")).version;
