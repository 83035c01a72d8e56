import { readdir } from "node:fs/promises";
import { exitCodes, UserError } from "../base/errors.js";
import type { Index } from "../base/lookup.js";
import type { Dataset, DatasetMember } from "./dataset.js";
import * as datasets from "./datasets/index.js";

/**
 * The data set of a folder, known by its files; without a folder the synthetic one.
 *
 * @throws UserError  (exit code 5) when the folder cannot be read or holds no data set we know
 */
export async function openDataset(dir: string | undefined): Promise<Dataset> {
  if (dir === undefined) return datasets.synthetic.load();
  const files = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    const why = reasons[error.code ?? ""] ?? `cannot be read (${error.code})`;
    throw new UserError(`data folder ${dir} ${why}`, layouts(), exitCodes.data);
  });
  const member = Object.values(datasets as Index<DatasetMember>).find((set) => set.holds(files));
  if (member !== undefined) return member.load(dir);
  throw new UserError(`data folder ${dir} holds no data set we know`, layouts(), exitCodes.data);
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  ENOTDIR: "is not a folder",
  EACCES: "may not be read",
};

const layouts = (): string =>
  `Give a folder with ${Object.values(datasets as Index<DatasetMember>)
    .flatMap(({ title, layout }) => (layout === undefined ? [] : [`${layout} (${title})`]))
    .join(", or ")}; without --data the synthetic set is used.`;
