import { UserError } from "../base/errors.js";
import { type Index, kebab, lookup, names } from "../base/lookup.js";

/**
 * One flag or argument.
 *
 * @property value     what stands for its value in the help; none for a flag that is there or not
 * @property fallback  its value when it is not given
 * @property shown     the fallback as the help shows it
 * @property short     a letter that does for the flag, too: `o` is `-o`
 * @property repeats   whether it may stand several times; only an argument, and the last one
 * @property read      text to value; `flag` is what to call it in the error, `before` what was read before it
 */
export interface Option<T> {
  readonly help: string;
  readonly value?: string;
  readonly fallback: T;
  readonly shown?: string;
  readonly required?: boolean;
  readonly short?: string;
  readonly repeats?: boolean;
  read(text: string, flag: string, before?: unknown): T;
}

/** Options by name; `maxLatency` is `--max-latency`. */
export type Options = { readonly [name: string]: Option<unknown> };

/** What the options came to. */
export type Given<O extends Options> = { readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never };

/** A member of an open set and the name users type for it. */
export interface Named<T> {
  readonly name: string;
  readonly value: T;
}

const option = <T>(
  value: string,
  fallback: T,
  help: string,
  read: Option<T>["read"],
  shown = fallback === undefined ? undefined : String(fallback),
): Option<T> => ({ help, value, fallback, read, ...(shown === undefined ? {} : { shown }) });

const wrong = (flag: string, text: string, right: string): UserError =>
  new UserError(`${flag} is "${text}"`, right);

const plain = (flag: string): string => flag.replace(/^--/, "").replaceAll("-", " ");

/** There or not. */
export const flag = (help: string): Option<boolean> => ({ help, fallback: false, read: () => true });

/** `--json`, as every command that prints results has it. */
export const json = flag("print JSON on standard output, and nothing else there");

/** Any text but none. */
export const text = <F extends string | undefined>(
  fallback: F,
  help: string,
  value = "text",
): Option<string | F> =>
  option<string | F>(value, fallback, help, (given, flag) => {
    if (given.trim() === "") throw wrong(flag, given, `Write a ${value}.`);
    return given;
  });

/** Any texts but none, one at least. */
export const texts = (help: string, value = "text"): Option<readonly string[]> => {
  const one = text(undefined, help, value);
  return {
    ...one,
    fallback: [],
    required: true,
    repeats: true,
    read: (given, flag, before) => [...((before ?? []) as readonly string[]), one.read(given, flag)!],
  };
};

/** A file or folder; whether it exists is for whoever opens it. */
export const path = <F extends string | undefined>(fallback: F, help: string, value = "path") =>
  text(fallback, help, value);

/** A member of an open set, by the name users type. */
export const member = <T, F extends string | undefined>(
  index: Index<T>,
  fallback: F,
  help: string,
  value = "name",
): Option<Named<T> | Extract<F, undefined>> => {
  type Member = Named<T> | Extract<F, undefined>;
  const named = (name: string, what: string): Member => ({
    name: kebab(name),
    value: lookup(index, name, what),
  });
  return option<Member>(
    value,
    fallback === undefined ? (undefined as Member) : named(fallback, value),
    `${help}: ${names(index).join(", ")}`,
    (given, flag) => named(given, plain(flag)),
    fallback,
  );
};

/** One of a few words. */
export const word = <const W extends readonly string[], F extends W[number] | undefined>(
  words: W,
  fallback: F,
  help: string,
  value = "word",
): Option<W[number] | F> =>
  option<W[number] | F>(value, fallback, `${help}: ${words.join(", ")}`, (given, flag) => {
    lookup(Object.fromEntries(words.map((w) => [w, w])), given, plain(flag));
    return kebab(given);
  });

interface Range {
  readonly least?: number;
  readonly most?: number;
}

/** A whole number, 1 or more unless `least` says otherwise. */
export const count = <F extends number | undefined>(
  fallback: F,
  help: string,
  { least = 1, most = Number.MAX_SAFE_INTEGER }: Range = {},
): Option<number | F> =>
  option<number | F>("n", fallback, help, (given, flag) => {
    const n = /^\d+$/.test(given) ? Number(given) : Number.NaN;
    if (!(n >= least && n <= most)) throw wrong(flag, given, `It is a whole number ${inWords(least, most)}.`);
    return n;
  });

const inWords = (least: number, most: number): string =>
  most >= Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;

/** Words separated by commas, at least one. */
export const list = <F extends string | undefined>(
  fallback: F,
  help: string,
  value = "a,b,...",
): Option<readonly string[] | Extract<F, undefined>> => {
  type List = readonly string[] | Extract<F, undefined>;
  return option<List>(
    value,
    (fallback === undefined ? undefined : words(fallback)) as List,
    help,
    (given, flag) => {
      if (words(given).length === 0) throw wrong(flag, given, "Write at least one, separated by commas.");
      return words(given);
    },
    fallback,
  );
};

const words = (text: string): readonly string[] =>
  text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");

/** Whole numbers of 1 or more, separated by commas. */
export const counts = (fallback: readonly number[], help: string): Option<readonly number[]> => {
  const one = count(undefined, help);
  return option<readonly number[]>(
    "n,n,...",
    fallback,
    help,
    (given, flag) => given.split(",").map((text) => one.read(text.trim(), flag) as number),
    fallback.join(","),
  );
};

/** A share above 0 and below 1. */
export const share = (help: string): Option<number | undefined> =>
  option<number | undefined>("share", undefined, help, (given, flag) => {
    const found = /^(\d*\.?\d+)$/.test(given) ? Number(given) : Number.NaN;
    if (!(found > 0 && found < 1))
      throw wrong(flag, given, "It is a share above 0 and below 1, such as 0.5.");
    return found;
  });

/** The seed of every random choice: a whole number from 0 to 2^32 - 1. */
export const seed = <F extends number | undefined>(fallback: F, help: string) =>
  count(fallback, help, { least: 0, most: 2 ** 32 - 1 });

/** A quantity above 0 with an optional unit, `5M` or `3.5k`; without one it is as it stands. */
export const amount = (
  help: string,
  value: string,
  units: Readonly<Record<string, number>>,
): Option<number | undefined> =>
  option<number | undefined>(value, undefined, help, (given, flag) => {
    const [, digits, unit = ""] = /^(\d+\.?\d*|\.\d+)\s*([a-z]*)$/i.exec(given.trim()) ?? [];
    const factor = Object.entries({ "": 1, ...units }).find(
      ([name]) => name.toLowerCase() === unit.toLowerCase(),
    )?.[1];
    if (digits === undefined || factor === undefined || !(Number(digits) > 0))
      throw wrong(
        flag,
        given,
        `It is a number above 0, with a unit or none: ${Object.keys(units).join(", ")}.`,
      );
    return Math.round(Number(digits) * factor);
  });

/** Units of counts. */
export const decimal = { k: 1e3, M: 1e6, G: 1e9 } as const;

/** Units of memory. */
export const bytes = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } as const;

/** What has a unit: how many of ours each is, and how it reads. */
interface Quantity {
  readonly units: Readonly<Record<string, number>>;
  readonly isSuch: string;
  readonly one: string;
  /** Two units to name where none is given. */
  readonly need: readonly [string, string];
}

const time: Quantity = {
  units: { us: 1e-3, ms: 1, s: 1e3, min: 6e4, h: 3.6e6 },
  isSuch: "a time such as 1.5ms, 0.002s or 2h",
  one: "1.5ms",
  need: ["ms", "s"],
};

const energy: Quantity = {
  units: { uJ: 1e-3, mJ: 1, J: 1e3 },
  isSuch: "an energy such as 5mJ or 0.005J",
  one: "5mJ",
  need: ["mJ", "J"],
};

const quantity =
  ({ units, isSuch, one, need }: Quantity) =>
  (given: string, flag: string): number => {
    const [, digits, unit = ""] =
      /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*([a-zµ]*)$/i.exec(given.trim()) ?? [];
    if (digits === undefined) throw wrong(flag, given, `It is ${isSuch}.`);
    if (!(Number(digits) > 0)) throw wrong(flag, given, `It must be above 0, such as ${one}.`);
    if (unit === "") throw wrong(flag, given, `It needs a unit: ${digits}${need[0]} or ${digits}${need[1]}.`);
    const factor = Object.entries(units).find(
      ([name]) => name.toLowerCase() === unit.toLowerCase().replace("µ", "u"),
    )?.[1];
    if (factor === undefined)
      throw wrong(flag, given, `Units are ${Object.keys(units).join(", ")}, not "${unit}".`);
    return Number(digits) * factor;
  };

/** A length of time with its unit, such as `1.5ms`, `0.001s` or `2h`; the value is in milliseconds. */
export const ms = <F extends number | undefined>(
  fallback: F,
  help: string,
  shown = fallback === undefined ? undefined : `${fallback}ms`,
): Option<number | F> => option<number | F>("time", fallback, help, quantity(time), shown);

/** An energy with its unit, such as `5mJ` or `0.005J`; the value is in millijoules. */
export const mj = (help: string): Option<number | undefined> =>
  option<number | undefined>("energy", undefined, help, quantity(energy));

/** The option, but leaving it out is an error. */
export const required = <T>(from: Option<T>): Option<Exclude<T, undefined>> =>
  ({ ...from, required: true }) as Option<Exclude<T, undefined>>;
