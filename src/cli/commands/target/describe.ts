import type { RowKind } from "../../../latency/table.js";
import type { Target } from "../../../latency/target.js";
import { showCount } from "../../../report/unit.js";

/** What a target is and how far to trust it, as `target list` and `target show` print in JSON. */
export function describe(name: string, target: Target) {
  const { title, device, soc, os, runtime, dtype, protocol, source, error, interval } = target;
  return {
    name,
    fullName: target.protocolName === undefined ? name : `${name.split("@")[0]}@${target.protocolName}`,
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
    validity: validity(target),
    validFor: validFor(target),
  };
}

/** Measured latencies a target's model rests on. */
const measurements = (target: Target): number =>
  target.kind === "kernels"
    ? target.rows.length
    : target.kind === "measured"
      ? target.table.rows.length
      : target.error.inSample.n;

/** What is said of a target's range, by its kind. */
function validity(target: Target) {
  if (target.kind === "kernels") return target.validity;
  if (target.kind === "blocks") return { space: target.table.space, form: target.form };
  const count = (kind: RowKind) => target.table.rows.filter((row) => row.kind === kind).length;
  return { kernels: count("kernel"), blocks: count("block"), networks: count("network") };
}

/** Which networks a target predicts without extrapolating, for eyes. */
function validFor(target: Target): string {
  if (target.kind === "blocks") return `genomes of the space ${target.table.space}: ${target.form}`;
  if (target.kind === "measured") {
    const { kernels } = validity(target) as { readonly kernels: number };
    return `networks of the ${kernels} kernels measured and of kernels between them`;
  }
  const { macs, params, kernels, resolution, channels, kernelSize } = target.validity;
  const to = ([least, most]: readonly [number, number]) => `${showCount(least)} to ${showCount(most)}`;
  return [
    `${to(macs)} MACs, ${to(params)} params, ${to(kernels)} kernels, ${to(resolution)} pixels`,
    `up to ${channels[1]} channels, filters up to ${kernelSize[1]} x ${kernelSize[1]}`,
  ].join(", ");
}
