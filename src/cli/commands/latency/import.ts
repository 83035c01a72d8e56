import { existsSync, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "../../../base/errors.js";
import { readText, writing } from "../../../base/files.js";
import { kebab } from "../../../base/lookup.js";
import { calibrate, fewestNetworks } from "../../../latency/calibrate.js";
import type { About, Imported, Importer } from "../../../latency/importers/importer.js";
import * as importers from "../../../latency/importers/index.js";
import { readManifest } from "../../../latency/kitFiles.js";
import {
  formatTable,
  identity,
  type LatencyTable,
  parseTable,
  readTable,
  tableFormat,
  tableVersion,
  writeTable,
} from "../../../latency/table.js";
import { tablePath } from "../../../latency/tableFolder.js";
import { showPercent } from "../../../report/unit.js";
import type { Space } from "../../../space/space.js";
import { defineCommand } from "../../command.js";
import { printJson } from "../../json.js";
import { networkHelp, openNetwork } from "../../openNetwork.js";
import * as option from "../../option.js";
import { resumeOptions } from "../../searchOptions.js";

export const importResults = defineCommand({
  summary: "make a target of latencies measured elsewhere",
  description:
    "Reads what a kit's runner wrote, or another tool's profile or table; which one is told by its\n" +
    "contents, or by --from. Writes a table, and if it has kernels and at least " +
    `${fewestNetworks} whole networks, learns\n` +
    "from those how kernels add up and how far that is off. Files that are cut short, of another kit or\n" +
    "device, without a unit or with times that are not above 0 are refused.",
  examples: [
    "nas latency import my-iphone-kit/results.json",
    "nas latency import results.log --manifest my-pixel-kit/manifest.json --out my-pixel.json",
    "nas latency import profile.json --target my-board --network mobilenet_v2_x1_0 --device 'My board'",
    "nas latency import perf.yaml --target s24 --network mobilenet_v2_x1_0 --device 'Samsung Galaxy S24'",
  ],
  arguments: { file: option.required(option.path(undefined, "what was measured", "file")) },
  options: {
    from: option.member<Importer, undefined>(importers, undefined, "what wrote it", "kind"),
    manifest: option.path(undefined, "manifest.json of the kit; the one beside the file without it", "file"),
    target: option.text(undefined, "what to call the device, where no kit says", "name"),
    network: option.text(undefined, `what a profile is of: ${networkHelp}`, "network"),
    space: { ...resumeOptions.space, help: "space of the genomes, where it is from a file" },
    device: option.text(undefined, "device, where the file does not say; else it must agree"),
    soc: option.text(undefined, "its chip"),
    os: option.text(undefined, "its system with version"),
    runtime: option.text(undefined, "what ran the networks, with version and processor"),
    dtype: option.text(undefined, "number type, such as float16"),
    threads: option.count(undefined, "threads"),
    out: option.path(undefined, "table to write; where --target finds it by its name without it", "file"),
    force: option.flag("replace a table of the same device"),
    json: option.json,
  },
  async run(given, io) {
    const { file, space, json } = given;
    const text = readText(file, "It is what a kit's runner or a profiler wrote.");
    const from = given.from ?? detect(text, file);
    const beside = join(dirname(file), "manifest.json");
    const manifestFile = given.manifest ?? (existsSync(beside) ? beside : undefined);
    const manifest =
      manifestFile === undefined
        ? undefined
        : readManifest(readText(manifestFile, "It is manifest.json of the kit."), manifestFile);
    const target = targetOf(given.target, manifest?.target, file);
    const { device, soc, os, runtime, dtype, threads } = given;
    const said = defined({ device, soc, os, runtime, dtype, threads });
    const network = given.network === undefined ? undefined : named(given.network, space);
    const found = from.value.read({
      text,
      where: file,
      said,
      ...(manifest !== undefined && { manifest }),
      ...(network !== undefined && { network }),
    });
    const out = given.out ?? tablePath(target);
    const plain = parseTable(formatTable(tableOf(target, found, said, file)), file);
    checkPlace(out, plain, given.force);
    io.status("Learning from the whole networks how kernels add up");
    const table = calibrate(plain, openable(plain, space));
    io.status("");
    await writing(out, "Choose another place: --out FILE.", async () => {
      await mkdir(dirname(out), { recursive: true });
      await writeTable(out, table);
    });
    const count = (kind: string) => table.rows.filter((row) => row.kind === kind).length;
    const rows = { kernels: count("kernel"), blocks: count("block"), networks: count("network") };
    const error = table.model?.error.networkOut ?? null;
    if (json)
      return printJson(io, {
        file: out,
        target,
        from: from.name,
        device: table.device,
        rows,
        notes: found.notes,
        error,
      });
    io.print(out);
    io.note(
      `${rows.kernels} kernels, ${rows.blocks} blocks, ${rows.networks} networks of ${table.device}, from ${from.value.title}.`,
    );
    for (const what of found.notes.slice(0, shown)) io.note(what);
    if (found.notes.length > shown) io.note(`and ${found.notes.length - shown} more; --json has all`);
    io.note(
      error === null
        ? `It has too few kernels or whole networks to predict: add some with nas latency merge.`
        : `${showPercent(error.mape)} off on average on networks left out. Use it: --target ${given.out ?? target}`,
    );
  },
});

const shown = 5;

const defined = <T extends object>(from: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(from).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };

function detect(text: string, file: string): option.Named<Importer> {
  const found = Object.entries<Importer>(importers).find(([, { detect }]) => detect(text));
  if (found !== undefined) return { name: kebab(found[0]), value: found[1] };
  const titles = Object.entries<Importer>(importers).map(([name, { title }]) => `${kebab(name)}: ${title}`);
  throw new UserError(`cannot tell what wrote ${file}`, `Say it with --from. ${titles.join("; ")}.`);
}

function targetOf(said: string | undefined, kit: string | undefined, file: string): string {
  const target = said ?? kit;
  if (target === undefined)
    throw new UserError(`${file} does not say what the device is called`, "Give a name: --target my-phone.");
  if (kit !== undefined && target !== kit)
    throw new UserError(`--target is ${target}, and the kit's is ${kit}`, "Leave --target out.");
  if (!/^[a-z0-9][a-z0-9.@_-]*$/.test(target))
    throw new UserError(`--target is "${target}"`, "Write small letters, digits and -, such as my-phone.");
  return target;
}

function named(text: string, space: Space | undefined) {
  const { name, genome, network } = openNetwork(text, space);
  return { key: genome ?? name, out: network };
}

/** @throws UserError  when the user and the file say different things of the device */
function tableOf(
  target: string,
  { rows, about, source }: Imported,
  said: Partial<About>,
  file: string,
): LatencyTable {
  for (const key of ["device", "soc", "os", "runtime", "dtype", "threads"] as const)
    if (said[key] !== undefined && about[key] != null && said[key] !== about[key])
      throw new UserError(
        `${file}: ${key} is "${about[key]}", not "${said[key]}"`,
        "It was measured on another device or in another way. Leave the flag out, or give the right file.",
      );
  const all = { ...about, ...said };
  if (all.device === undefined)
    throw new UserError(
      `${file} does not say which device it is of`,
      "Say it: --device 'Samsung Galaxy S24'.",
    );
  const unknown = "not stated";
  return {
    format: tableFormat,
    version: tableVersion,
    unit: "ms",
    target,
    title: target === all.device ? target : `${all.device}, ${all.runtime ?? unknown}`,
    device: all.device,
    soc: all.soc ?? unknown,
    os: all.os ?? unknown,
    runtime: all.runtime ?? unknown,
    dtype: all.dtype ?? unknown,
    threads: all.threads ?? null,
    protocol: all.protocol ?? unknown,
    source,
    measuredAt: all.measuredAt ?? statSync(file).mtime.toISOString(),
    conditions: all.conditions ?? {},
    rows,
    model: null,
  };
}

/** @throws UserError  when a table stands there: of another device always, of the same without --force */
function checkPlace(out: string, table: LatencyTable, force: boolean): void {
  if (!existsSync(out)) return;
  const there = readTable(out);
  const other = identity.find((key) => there[key] !== table[key]);
  if (other !== undefined)
    throw new UserError(
      `${out} is of another device: ${other} is ${there[other]} there and ${table[other]} in this file`,
      "Give this one another --target or --out.",
    );
  if (!force)
    throw new UserError(
      `${out} is there already`,
      "Replace it with --force, or add to it: nas latency merge.",
    );
}

/** The networks of a table's rows that we can build. */
const openable = (table: LatencyTable, space: Space | undefined) =>
  table.rows.flatMap(({ kind, key }) => {
    if (kind !== "network") return [];
    try {
      return [{ key, out: openNetwork(key, space).network }];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return []; // of a space that is not at hand: no use for learning
    }
  });
