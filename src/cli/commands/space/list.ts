import { kebab } from "../../../base/lookup.js";
import { table } from "../../../report/table.js";
import { showSize } from "../../../report/unit.js";
import { sizeOfSpace } from "../../../space/moves.js";
import type { Space } from "../../../space/space.js";
import * as spaces from "../../../space/spaces/index.js";
import { defineCommand } from "../../command.js";
import { printJson } from "../../json.js";
import * as option from "../../option.js";

export const list = defineCommand({
  summary: "list the built-in search spaces",
  examples: ["nas space list", "nas space list --json"],
  options: { json: option.json },
  async run({ json }, io) {
    const found = Object.entries<Space>(spaces).map(([key, space]) => ({
      name: kebab(key),
      title: space.title,
      resolution: space.resolution,
      stages: space.stages.length,
      size: sizeOfSpace(space).toString(),
    }));
    if (json) return printJson(io, { spaces: found });
    io.print(
      table(
        [
          { title: "name", of: (s) => s.name },
          { title: "networks", of: (s) => showSize(BigInt(s.size)), right: true },
          { title: "stages", of: (s) => String(s.stages), right: true, drop: 1 },
          { title: "pixels", of: (s) => String(s.resolution), right: true, drop: 2 },
          { title: "title", of: (s) => s.title },
        ],
        found,
        io.width,
      ),
    );
  },
});
