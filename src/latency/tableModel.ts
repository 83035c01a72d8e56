import { z } from "zod";

const summaryForm = z.strictObject({
  n: z.number().int().min(1),
  rmsLog: z.number().nonnegative(),
  mape: z.number().nonnegative(),
});

/**
 * How rows become the time of a network, learnt from the table's own networks:
 *
 *     network = call + factor · Σ rows + kernel · number of kernels
 *
 * with one factor for all kinds of work, or one for each.
 */
export const calibrationForm = z.strictObject({
  /** Whether blocks of the table are taken whole where it has them, or kernels alone are added up. */
  rows: z.enum(["kernels", "blocks"]),
  /** Which numbers were learnt; the others are as in a plain sum: 0, 1 and 0. */
  form: z.enum(["sum", "call", "scaled", "kinds"]),
  callMs: z.number(),
  kernelMs: z.number(),
  factors: z.record(z.string(), z.number().nonnegative()),
  /** Every form that was tried, with its rms log error on networks left out; the least won. */
  tried: z.array(z.strictObject({ rows: z.string(), form: z.string(), rmsLog: z.number().nonnegative() })),
  error: z.strictObject({ inSample: summaryForm, networkOut: summaryForm, baseline: summaryForm }),
  interval: z.strictObject({
    level: z.number(),
    halfWidth: z.number().nonnegative(),
    halfWidthOutside: z.number().nonnegative(),
  }),
});

export type Calibration = Readonly<z.infer<typeof calibrationForm>>;
