import { UserError } from "../../../base/errors.js";
import type { KitFormat } from "../../../kit/format.js";
import * as formats from "../../../kit/formats/index.js";
import { writeKit } from "../../../kit/write.js";
import { planOf } from "../../../measure/plan.js";
import { defineCommand } from "../../command.js";
import { printJson } from "../../json.js";
import * as option from "../../option.js";
import { resumeOptions } from "../../searchOptions.js";

export const kit = defineCommand({
  summary: "write models and a program to measure on a phone of your own",
  description:
    "A folder with a model for each kernel that has to be timed, some blocks and whole networks of the\n" +
    "space, and what times them there: a Swift program for Core ML, a script round benchmark_model or\n" +
    "onnxruntime_perf_test for the others. Its README.md says what to do; nas latency import makes a\n" +
    "target of the results. nas latency plan says how much there is to time.",
  examples: [
    "nas latency kit --target my-iphone --format coreml --space mnasnet --out my-iphone-kit",
    "nas latency kit --target my-pixel --format tflite --space fbnet --out my-pixel-kit --json",
  ],
  options: {
    target: option.required(
      option.text(undefined, "what to call the device: small letters, digits and -", "name"),
    ),
    format: option.required(
      option.member<KitFormat, undefined>(formats, undefined, "kind of models", "format"),
    ),
    space: option.required(resumeOptions.space),
    out: option.required(option.path(undefined, "folder to write, new or empty", "dir")),
    json: option.json,
  },
  async run({ target, format, space, out, json }, io) {
    if (!/^[a-z0-9][a-z0-9.@_-]*$/.test(target))
      throw new UserError(`--target is "${target}"`, "Write small letters, digits and -, such as my-iphone.");
    const manifest = await writeKit(
      out,
      {
        target: target,
        modelFormat: format.name,
        format: format.value,
        space: space.name,
        plan: planOf([space], [], false),
      },
      (done, all) => io.status(`Writing model ${done} of ${all}`),
    );
    io.status("");
    const count = (kind: string) => manifest.models.filter((model) => model.kind === kind).length;
    const counts = { kernels: count("kernel"), blocks: count("block"), networks: count("network") };
    if (json)
      return printJson(io, {
        dir: out,
        kit: manifest.kit,
        target,
        format: format.name,
        space: space.name,
        ...counts,
      });
    io.print(out);
    io.note(
      `${format.value.title}: ${counts.kernels} kernels, ${counts.blocks} blocks, ${counts.networks} networks. Read ${out}/README.md next.`,
    );
  },
});
