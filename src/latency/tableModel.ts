import { z } from "zod";

const summaryForm = z.strictObject({
  n: z.number().int().min(1),
  rmsLog: z.number().nonnegative(),
  mape: z.number().nonnegative(),
});

/**
 * How rows become the time of a network, learnt from the table's own networks:
 *
 *     network = call + Σ factor of its kind · row + kernel · number of kernels
 */
export const calibrationForm = z.strictObject({
  /** Whether blocks are taken whole where the table has them, or kernels alone are added up. */
  rows: z.enum(["kernels", "blocks"]),
  /** Which numbers were learnt; the others are as in a plain sum: 0, 1 and 0. */
  form: z.enum(["sum", "call", "scaled", "kinds"]),
  callMs: z.number(),
  kernelMs: z.number(),
  /** By kind of work, as work.ts names them. */
  factors: z.record(z.string(), z.number().nonnegative()),
  /** Every form that was tried, with its rms log error on networks left out; the least won. */
  tried: z.array(z.strictObject({ rows: z.string(), form: z.string(), rmsLog: z.number().nonnegative() })),
  error: z.strictObject({ inSample: summaryForm, networkOut: summaryForm, baseline: summaryForm }),
  /** The networks it was learnt from, each predicted by what the others teach. */
  heldOut: z.array(
    z.strictObject({ network: z.string(), ms: z.number().positive(), heldOutMs: z.number().positive() }),
  ),
  interval: z.strictObject({
    level: z.number().positive().max(1),
    /** Of ln ms, where all kernels are measured or between measured ones. */
    halfWidth: z.number().nonnegative(),
    /** Of ln ms of a kernel that is not; counts by its share of the network's time. */
    extrapolated: z.number().nonnegative(),
  }),
});

export type Calibration = Readonly<z.infer<typeof calibrationForm>>;
