import type { Io } from "./io.js";

/** Version of every JSON document the commands print; grows when one of them changes its meaning. */
const schemaVersion = 1;

/** Print one JSON document, `schemaVersion` first; what docs/schemas describes. */
export function printJson(io: Io, fields: object): void {
  io.print(JSON.stringify({ schemaVersion, ...fields }, null, 2));
}
