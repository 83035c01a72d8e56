import type { Target } from "../../../latency/target.js";
import { showCount } from "../../../report/unit.js";

/** What a target is and how far to trust it, as `target list` and `target show` print in JSON. */
export function describe(name: string, target: Target) {
  const { title, device, soc, os, runtime, dtype, protocol, source, error, interval } = target;
  return {
    name,
    title,
    device,
    soc,
    os,
    runtime,
    dtype,
    protocol,
    source,
    model: target.kind,
    measurements: measurements(target),
    error,
    interval,
    validity: target.kind === "kernels" ? target.validity : { space: target.table.space, form: target.form },
    validFor: validFor(target),
  };
}

/** Measured latencies a target's model rests on. */
const measurements = (target: Target): number =>
  target.kind === "kernels" ? target.rows.length : target.error.inSample.n;

/** Which networks a target predicts without extrapolating, for eyes. */
function validFor(target: Target): string {
  if (target.kind === "blocks") return `genomes of the space ${target.table.space}: ${target.form}`;
  const { macs, params, kernels, resolution, channels, kernelSize } = target.validity;
  const to = ([least, most]: readonly [number, number]) => `${showCount(least)} to ${showCount(most)}`;
  return [
    `${to(macs)} MACs, ${to(params)} params, ${to(kernels)} kernels, ${to(resolution)} pixels`,
    `up to ${channels[1]} channels, filters up to ${kernelSize[1]} x ${kernelSize[1]}`,
  ].join(", ");
}
