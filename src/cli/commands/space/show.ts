import { kebab } from "../../../base/lookup.js";
import { pairs, table } from "../../../report/table.js";
import { showSize } from "../../../report/unit.js";
import type { Value } from "../../../space/block.js";
import { sizeOfSpace } from "../../../space/moves.js";
import type { BlockOption, Space } from "../../../space/space.js";
import { defineCommand } from "../../command.js";
import { printJson } from "../../json.js";
import * as option from "../../option.js";
import { spaceArgument } from "./argument.js";

export const show = defineCommand({
  summary: "show a space: its exact size, and what each stage may choose",
  examples: ["nas space show rapidnet", "nas space show my-space.yaml --json"],
  arguments: { space: spaceArgument },
  options: { json: option.json },
  async run({ space, json }, io) {
    const size = sizeOfSpace(space);
    if (json) return printJson(io, { size: size.toString(), space });
    io.print(io.style.bold(`${space.name}: ${space.title}`));
    io.print(
      pairs([
        ["networks", size > 10n ** 6n ? `${showSize(size)} (exactly ${size})` : String(size)],
        ["input", `${space.resolution} x ${space.resolution} pixels, ${space.classes} classes`],
        [
          "stem",
          space.stem.map((s) => `${s.kernel} x ${s.kernel} to ${s.width}, stride ${s.stride}`).join("; "),
        ],
        ["head", `${space.head.width} channels, ${space.head.order}`],
        ["proxy form", `widths times ${space.proxy.width}, first ${space.proxy.dropStrides} strides dropped`],
      ]),
    );
    io.print("");
    io.print(
      table(
        [
          { title: "stage", of: (s) => s.name },
          { title: "stride", of: (s) => s.stride, right: true, drop: 1 },
          { title: "depth", of: (s) => s.depth },
          { title: "width", of: (s) => s.width },
          { title: "blocks", of: (s) => s.block },
        ],
        space.stages.flatMap(rowsOf),
        io.width,
      ),
    );
  },
});

const shown = (values: readonly Value[]): string =>
  values.map((v) => (Array.isArray(v) ? v.join("+") : String(v))).join(" ");

const blockWords = ({ block, choices }: BlockOption): string =>
  [
    kebab(block),
    ...Object.entries(choices).flatMap(([name, values]) =>
      values.length > 1 ? [`${name}: ${shown(values)}`] : [],
    ),
  ].join(", ");

/** A line for each block of a stage, what is the stage's own on the first. */
const rowsOf = (stage: Space["stages"][number]) =>
  stage.options.map((option, i) => {
    const own = (text: string) => (i === 0 ? text : "");
    return {
      name: own(stage.name),
      stride: own(String(stage.stride)),
      depth: own(shown(stage.depth)),
      width: own(stage.width === "same" ? "same" : shown(stage.width)),
      block: blockWords(option),
    };
  });
