import { showSize } from "../../../report/unit.js";
import { loadSpace } from "../../../space/load.js";
import { sizeOfSpace } from "../../../space/moves.js";
import { defineCommand } from "../../command.js";
import { printJson } from "../../json.js";
import * as option from "../../option.js";

export const validate = defineCommand({
  summary: "check a space file: keys, values and every shape it can make",
  description: "Exits with 2 and the first mistake where there is one.",
  examples: ["nas space validate my-space.yaml"],
  arguments: { file: option.required(option.path(undefined, "YAML or JSON file with a space", "file")) },
  options: { json: option.json },
  async run({ file, json }, io) {
    const space = loadSpace(file);
    const size = sizeOfSpace(space);
    if (json)
      return printJson(io, {
        valid: true,
        name: space.name,
        stages: space.stages.length,
        size: size.toString(),
      });
    io.print(`${file} is a space: ${space.name}, ${space.stages.length} stages, ${showSize(size)} networks`);
  },
});
