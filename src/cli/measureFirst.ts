import { existsSync } from "node:fs";
import { hostName } from "../latency/openTarget.js";
import { tablePath } from "../latency/tableFolder.js";
import { measureHost } from "../measure/measureHost.js";
import { effortOf, type NamedNetwork, planOf, quick } from "../measure/plan.js";
import { showDuration, showPercent } from "../report/unit.js";
import type { Space } from "../space/space.js";
import type { Io } from "./io.js";

/**
 * At the first use of `host-cpu`, measure what a target needs at least, with a notice; does nothing
 * for other targets, and where the table is there.
 *
 * @param space  whose networks are to be predicted
 */
export async function measureFirst(
  target: string,
  space: Space,
  networks: readonly NamedNetwork[],
  io: Io,
): Promise<void> {
  const file = tablePath(hostName);
  if (target !== hostName || existsSync(file)) return;
  const plan = quick(planOf([space], networks, false));
  const { kernels, networks: whole } = effortOf(plan);
  io.note(
    `${hostName} is not measured yet: measuring ${kernels} kernels and ${whole} networks of ${space.name} quickly. For the whole space: nas latency measure --target ${hostName} --space ${space.name}`,
  );
  const { table } = await measureHost(plan, {
    ...{ threads: 1, file, spaces: [space], signal: io.signal },
    onProgress: ({ done, of, msLeft }) => io.status(`${done} of ${of} rows, ${showDuration(msLeft)} left`),
  }).catch((error: unknown) => {
    if (io.signal.aborted) io.note("What is measured is kept: the same command goes on from there.");
    throw error;
  });
  io.status("");
  if (table.model !== null)
    io.note(`Measured: ${showPercent(table.model.error.networkOut.mape)} off on networks left out; ${file}`);
}
