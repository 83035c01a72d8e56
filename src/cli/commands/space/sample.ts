import { stream } from "../../../base/rng.js";
import { cost } from "../../../graph/cost.js";
import { energyMj } from "../../../graph/energy.js";
import { build, deployedForm } from "../../../space/build.js";
import { formatGenome, genomeHash } from "../../../space/candidate.js";
import { sample as draw } from "../../../space/moves.js";
import { defineCommand } from "../../command.js";
import { printJson } from "../../json.js";
import * as option from "../../option.js";
import { spaceArgument } from "./argument.js";

export const sample = defineCommand({
  summary: "draw networks from a space, every one equally likely, a genome a line",
  examples: [
    "nas space sample rapidnet",
    "nas space sample rapidnet --count 5 --seed 7 --json",
    'nas latency predict "$(nas space sample mnasnet)" --target iphone13-npu',
  ],
  arguments: { space: spaceArgument },
  options: {
    count: { ...option.count(1, "networks to draw"), short: "n" },
    seed: option.seed(1, "of the draw; the same seed draws the same networks"),
    json: option.json,
  },
  async run({ space, count, seed, json }, io) {
    const genomes = Array.from({ length: count }, (_, i) => draw(space, stream(seed, "sample", i)));
    if (!json) {
      for (const genome of genomes) io.print(formatGenome(space, genome));
      return;
    }
    const samples = genomes.map((genome) => {
      const text = formatGenome(space, genome);
      const found = cost(build(space, genome, deployedForm(space)));
      const { params, macs } = found;
      return { genome: text, hash: genomeHash(text), params, macs, energyMj: energyMj(found) };
    });
    printJson(io, { space: space.name, seed, samples });
  },
});
