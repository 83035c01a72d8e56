import { exitCodes, UserError } from "../base/errors.js";
import { timing } from "./calibrate.js";
import type { LatencyTable } from "./table.js";
import type { MeasuredTarget } from "./target.js";

/**
 * A measured table as a target.
 *
 * @throws UserError  (exit code 5) when it has no model, as no whole networks were measured to learn it from
 */
export function tableTarget(table: LatencyTable): MeasuredTarget {
  const { model, title, device, soc, os, runtime, dtype, protocol, source } = table;
  if (model === null)
    throw new UserError(
      `the table of ${table.target} has too few whole networks to tell its error`,
      "Measure it with --space, which measures networks of the space, too.",
      exitCodes.data,
    );
  return {
    kind: "measured",
    ...{ title, device, soc, os, runtime, dtype, protocol, source },
    table,
    model,
    error: model.error,
    interval: model.interval,
    time: timing(table.rows, model.rows),
  };
}
