import { cost } from "../../../graph/cost.js";
import { energyMj } from "../../../graph/energy.js";
import { table } from "../../../report/table.js";
import { showCount, showMj, showPercent } from "../../../report/unit.js";
import type { ZooEntry } from "../../../space/zoo/entry.js";
import * as zoo from "../../../space/zoo/index.js";
import { defineCommand } from "../../command.js";
import { printJson } from "../../json.js";
import * as option from "../../option.js";

export const list = defineCommand({
  summary: "list the networks with their parameters and multiply-accumulates, counted from their graphs",
  examples: ["nas zoo list", "nas zoo list --json"],
  options: { json: option.json },
  async run({ json }, io) {
    const networks = Object.entries<ZooEntry>(zoo)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { title, resolution, published, build }]) => {
        const found = cost(build());
        const { params, macs } = found;
        const publishedTop1 = published?.top1 ?? null;
        return { name, title, resolution, params, macs, energyMj: energyMj(found), publishedTop1 };
      });
    if (json) return printJson(io, { networks });
    io.print(
      table(
        [
          { title: "name", of: (n) => n.name },
          { title: "title", of: (n) => n.title, drop: 2 },
          { title: "pixels", of: (n) => String(n.resolution), right: true, drop: 3 },
          { title: "params", of: (n) => showCount(n.params), right: true },
          { title: "MACs", of: (n) => showCount(n.macs), right: true },
          { title: "energy proxy", of: (n) => showMj(n.energyMj), right: true, drop: 4 },
          {
            title: "published top-1",
            of: (n) => (n.publishedTop1 === null ? "" : showPercent(n.publishedTop1)),
            right: true,
            drop: 1,
          },
        ],
        networks,
        io.width,
      ),
    );
  },
});
