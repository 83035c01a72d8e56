import { z } from "zod";
import { activations } from "../graph/op.js";

const whole = z.int();
const oneOrMore = <T extends z.ZodType>(item: T) =>
  z.union([item, z.array(item).min(1)]).transform((v) => (Array.isArray(v) ? v : [v]) as z.output<T>[]);

const value = z.union([z.string(), z.number(), z.array(z.number()).min(1)]);

/** What a user writes for a space, in YAML or JSON. Unknown keys are errors. */
export const spaceForm = z.strictObject({
  version: z.literal(1),
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, "lower-case letters, digits and dashes"),
  title: z.string().optional(),
  resolution: whole.min(8).max(1024),
  classes: whole.min(2).max(100_000),
  act: z.enum(activations),
  stem: z
    .array(
      z.strictObject({
        width: whole.min(1).max(4096),
        kernel: z.union([z.literal(1), z.literal(3), z.literal(5), z.literal(7)]),
        stride: z.union([z.literal(1), z.literal(2)]),
      }),
    )
    .min(1),
  stages: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-z][a-z0-9-]*$/, "lower-case letters, digits and dashes"),
        stride: z.union([z.literal(1), z.literal(2)]),
        depth: oneOrMore(whole.min(0).max(64)),
        width: z.union([z.literal("same"), oneOrMore(whole.min(1).max(4096))]),
        downsample: z.enum(["block", "conv"]).optional(),
        act: z.enum(activations).optional(),
        blocks: z
          .array(
            z.record(
              z.string(),
              z.union([z.null(), z.record(z.string(), z.union([value, z.array(value).min(1)]))]),
            ),
          )
          .min(1),
      }),
    )
    .min(1),
  head: z.strictObject({ width: whole.min(1).max(16_384), order: z.enum(["conv-pool", "pool-conv"]) }),
  proxy: z.strictObject({
    dropStrides: whole.min(0).max(16),
    width: z.number().positive().max(4),
  }),
});

export type SpaceForm = z.input<typeof spaceForm>;
