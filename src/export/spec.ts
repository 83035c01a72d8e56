import { z } from "zod";
import { UserError } from "../base/errors.js";
import { parseJson } from "../base/files.js";
import { readForm } from "../base/form.js";
import { cost } from "../graph/cost.js";
import type { Node } from "../graph/node.js";
import { parse } from "../graph/text.js";

const count = z.int().nonnegative();
const shape = z.tuple([count, count, count]).describe("channels, height and width of one example");
const choice = z.union([z.string(), z.number(), z.array(z.number())]);

const stage = z
  .strictObject({
    name: z.string(),
    block: z.string(),
    depth: z.int().positive().describe("layers"),
    width: z.int().positive().describe("channels out"),
    choices: z
      .record(z.string(), choice)
      .describe("what the block's own choices are, as the space names them"),
  })
  .describe("what the genome decided of one stage");

const kernel = z
  .strictObject({
    part: z.string().describe("the named part of the network it belongs to"),
    path: z.string().describe("path of its first operator; its weights are named below it"),
    signature: z.string().describe("its operators with attributes and shapes; the key of latency tables"),
    inputs: z.array(shape),
    output: shape,
    params: count.describe("learned numbers"),
    macs: count.describe("multiply-accumulates"),
  })
  .describe("operators that a device runs as one");

const costs = z
  .strictObject({
    params: count.describe("learned numbers"),
    macs: count.describe("multiply-accumulates; not FLOPs"),
    weightBytes: count,
    trafficBytes: count.describe("read and written by all kernels, weights included"),
    peakActivationBytes: count.describe("most bytes of feature maps alive at once"),
    receptiveField: count.nullable().describe("pixels across; null when every position sees all of them"),
  })
  .describe("of one example, in float32");

const latency = z
  .strictObject({
    ms: z.number().positive(),
    lowMs: z.number().positive(),
    highMs: z.number().positive(),
    level: z.number().min(0).max(1).describe("share of networks whose latency lies between lowMs and highMs"),
    kind: z
      .enum(["measured", "predicted", "extrapolated"])
      .describe("extrapolated: predicted, outside what the target's model was fitted on"),
    target: z.string(),
    protocol: z.string().describe("the way of measuring that the numbers stand for"),
    source: z.string().describe("where the measurements come from"),
    error: z
      .number()
      .nonnegative()
      .describe("mean of |predicted / measured - 1| on networks left out of the fit"),
  })
  .describe("one forward pass, batch 1");

const accuracy = z.strictObject({
  value: z.number().min(0).max(1),
  kind: z.enum(["proxy", "shared", "retrained"]).describe("proxy: after a short training of the small form"),
  epochs: z.number().positive(),
  data: z.string(),
  seed: z.int(),
  engine: z.string(),
});

const reproduce = z.strictObject({
  command: z.string().nullable().describe("what made this network"),
  version: z.string().describe("of nas"),
  seed: z.int().nullable(),
  data: z.string().nullable().describe("the data set and the hash of its contents"),
});

/** The form of a spec file; `docs/schemas/spec.schema.json` is made of it. */
export const specForm = z
  .strictObject({
    schemaVersion: z.literal(1),
    name: z.string(),
    genome: z.string().nullable(),
    space: z.string().nullable(),
    stages: z.array(stage).nullable(),
    input: shape,
    output: shape,
    cost: costs,
    latency: latency.nullable(),
    accuracy: accuracy.nullable(),
    weights: z.string().describe("where the weights of exports of this network come from"),
    reproduce,
    kernels: z.array(kernel).describe("in execution order"),
    network: z.array(z.string()).min(1).describe("one operator a line; rebuilds the network by itself"),
  })
  .meta({ title: "A network found or published, as nas writes it" });

/** A network with all that is known of it, but not its weights. */
export type Spec = z.infer<typeof specForm>;

/** JSON Schema (draft 2020-12) of a spec file. */
export const specSchema = (): unknown => z.toJSONSchema(specForm);

/**
 * Read a spec file's text; the network is rebuilt from its own lines.
 *
 * @param where  what errors call it: the file's name
 * @throws UserError  naming the first place that is wrong, what is there and what is expected;
 *                    or when the lines of the network do not have the cost the file states
 */
export function readSpec(text: string, where: string): { readonly spec: Spec; readonly network: Node } {
  const json = parseJson(text, where, "A spec is what nas export --format spec writes.");
  const spec = readForm(specForm, json, where);
  const network = rebuilt(spec.network, where);
  const found = costOf(network);
  for (const key of Object.keys(found) as (keyof Spec["cost"])[])
    if (found[key] !== spec.cost[key])
      throw new UserError(
        `${where}: cost.${key} is ${spec.cost[key]}, but the network has ${found[key]}`,
        "The file was changed after it was written; export it again.",
      );
  return { spec, network };
}

/** A network's cost as a spec states it. */
export function costOf(network: Node): Spec["cost"] {
  const found = cost(network);
  return { ...found, receptiveField: Number.isFinite(found.receptiveField) ? found.receptiveField : null };
}

function rebuilt(lines: readonly string[], where: string): Node {
  try {
    return parse(lines.join("\n"));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${where}: network, ${error.message}`, error.whatToDo);
  }
}
