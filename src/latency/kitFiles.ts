import { createHash } from "node:crypto";
import { z } from "zod";
import { UserError } from "../base/errors.js";
import { parseJson } from "../base/files.js";
import { readForm } from "../base/form.js";
import { rowKinds } from "./table.js";

/** What a kit's model is there for: `call` does next to nothing, so its time is that of a call. */
export const modelKinds = ["call", ...rowKinds] as const;
export type ModelKind = (typeof modelKinds)[number];

const word = z.string().min(1);
const version = 1;
const id = z.string().regex(/^[a-z]\d+$/);

const modelForm = z.strictObject({
  id,
  kind: z.enum(modelKinds),
  /** Of a table's row, as table.ts has it; `call` of the call. */
  key: word,
  /** File or package, below the kit's folder. */
  file: word,
  /** Shape of each input, batch 1 first, as the model has it. */
  inputs: z.array(z.array(z.number().int().min(1))).min(1),
});

/** `manifest.json` of a kit. */
export const manifestForm = z.strictObject({
  format: z.literal("nas-latency-kit"),
  version: z.literal(version),
  /** Hash of all else in here, by which results say of which kit they are. */
  kit: z.string().regex(/^[0-9a-f]{16}$/),
  target: word,
  modelFormat: word,
  runtime: word,
  dtype: word,
  protocol: word,
  space: word,
  /** Hash of all models' files. */
  contents: z.string().regex(/^[0-9a-f]{16}$/),
  models: z.array(modelForm).min(1),
});

export type Manifest = Readonly<z.infer<typeof manifestForm>>;
export type KitModel = Manifest["models"][number];

/** The hash that a manifest must have. */
export const kitHash = ({ kit, ...rest }: Omit<Manifest, "kit"> & { readonly kit?: string }): string =>
  createHash("sha256").update(JSON.stringify(rest)).digest("hex").slice(0, 16);

const kitAgain = "Use the manifest that nas latency kit wrote beside the models.";
const measureAgain = "Was writing it interrupted? Run the measurement again.";

/** @throws UserError  (exit code 2) when it is no manifest, or was changed by hand */
export function readManifest(text: string, where: string): Manifest {
  const manifest = readForm(manifestForm, parseJson(text, where, kitAgain), where, text);
  const wanted = kitHash(manifest);
  if (manifest.kit !== wanted)
    throw new UserError(
      `${where}: kit is ${manifest.kit}, but what it says comes to ${wanted}`,
      `It was changed. ${kitAgain}`,
    );
  return manifest;
}

const measured = z.strictObject({
  id,
  count: z.number().int().min(1),
  medianMs: z.number().positive(),
  spreadMs: z.number().nonnegative(),
  drift: z.number().positive().nullable(),
});
const failed = z.strictObject({ id, error: word });

const head = {
  format: z.literal("nas-latency-results"),
  version: z.literal(version),
  unit: z.literal("ms"),
};

/** `results.json` as a kit's runner writes it. */
export const resultsForm = z.strictObject({
  ...head,
  kit: word,
  target: word,
  device: word,
  soc: word,
  os: word,
  runtime: word,
  dtype: word,
  threads: z.number().int().min(1).nullable(),
  measuredAt: z.iso.datetime(),
  conditions: z.record(z.string(), z.string()),
  results: z.array(z.union([measured, failed])).min(1),
});

export type Results = Readonly<z.infer<typeof resultsForm>>;

/** @throws UserError  (exit code 2) naming the file, the field or the result, and what is wrong */
export function readResults(text: string, where: string): Results {
  const form = parseJson(text, where, measureAgain);
  readForm(z.looseObject(head), form, where, text);
  const { results } = readForm(z.looseObject({ results: z.array(z.unknown()).min(1) }), form, where);
  const shell = readForm(
    z.strictObject({ ...resultsForm.shape, results: z.array(z.unknown()) }),
    form,
    where,
    text,
  );
  const lines = text.split("\n");
  return {
    ...shell,
    results: results.map((result, i) => {
      const named = (result as { id?: unknown } | null)?.id;
      const line = lines.findIndex((l) => l.includes(`"id":"${named}"`) || l.includes(`"id": "${named}"`));
      const place = typeof named === "string" && line >= 0 ? `${where}, line ${line + 1}` : where;
      const form = typeof result === "object" && result !== null && "error" in result ? failed : measured;
      return readForm(form, result, `${place}: results[${i}]`);
    }),
  };
}
