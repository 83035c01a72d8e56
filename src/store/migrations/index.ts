import { askedEpochs } from "./askedEpochs.js";
import { energy } from "./energy.js";
import { proxyScores } from "./proxyScores.js";
import { runsAndTrials } from "./runsAndTrials.js";
import { supernetAnswers } from "./supernetAnswers.js";

/** In the order they are applied; a database's user_version counts those it has. Only ever appended to. */
export const migrations: readonly string[] = [
  runsAndTrials,
  askedEpochs,
  supernetAnswers,
  energy,
  proxyScores,
];
