import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";

/** The tables of NAS-Bench-201, beside the project; they are not part of it. */
export const nasBench = join(process.cwd(), "..", "shared", "data", "nas-bench-201");

/** Why the tests that read them are skipped, or false. */
export const noNasBench: string | false = existsSync(join(nasBench, "nasbench201.csv"))
  ? false
  : "the NAS-Bench-201 tables are not at ../shared/data/nas-bench-201";
