import { z } from "zod";
import { UserError } from "./errors.js";
import { didYouMean } from "./lookup.js";

/**
 * A value that came from outside, as its form has it.
 *
 * @param where  what errors call it: the file's name
 * @param text   the file's text, where errors are to say the line of a key
 * @throws UserError  the first thing wrong as `where: path is got`, and what is allowed there;
 *                    of a union's branches those that came furthest
 */
export function readForm<F extends z.ZodType>(
  form: F,
  value: unknown,
  where: string,
  text?: string,
): z.output<F> {
  const read = form.safeParse(value);
  if (read.success) return read.data;
  throw problem(form, value, where, text, read.error.issues[0]!);
}

/** Where a key stands in a text that has a key a line. */
function lineOf(key: PropertyKey | undefined, where: string, text: string | undefined): string {
  const line = text?.split("\n").findIndex((l) => l.trimStart().startsWith(`"${String(key)}"`)) ?? -1;
  return line < 0 ? where : `${where}, line ${line + 1}`;
}

function problem(
  form: z.ZodType,
  value: unknown,
  where: string,
  text: string | undefined,
  issue: z.core.$ZodIssue,
): UserError {
  const found = leaves(issue);
  const depth = Math.max(...found.map((f) => f.path.length));
  const deepest = found.filter((f) => f.path.length === depth);
  const [first] = deepest as [z.core.$ZodIssue];
  if (first.code === "unrecognized_keys") {
    const key = first.keys[0]!;
    return new UserError(
      `${lineOf(key, where, text)}: unknown key ${at([...first.path, key])}`,
      didYouMean(key, keysAt(form, first.path)),
    );
  }
  const path = at(first.path);
  return new UserError(
    `${lineOf(
      first.path.findLast((key) => typeof key === "string"),
      where,
      text,
    )}: ${path === "" ? "the file" : path} is ${got(valueAt(value, first.path))}`,
    `It must be ${[...new Set(deepest.map(allowed))].join(" or ")}.`,
  );
}

/** What a union's branches found wrong, nested unions opened, with paths from the root. */
const leaves = (issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] =>
  issue.code === "invalid_union" && issue.errors.length > 0
    ? issue.errors
        .flat()
        .flatMap((e) => leaves({ ...e, path: [...issue.path, ...e.path] } as z.core.$ZodIssue))
    : [issue];

const at = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, key) =>
      typeof key === "number" ? `${text}[${key}]` : text === "" ? String(key) : `${text}.${String(key)}`,
    "",
  );

const got = (value: unknown): string => (value === undefined ? "missing" : JSON.stringify(value));

const valueAt = (root: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], root);

/** The keys a form knows at a path. */
function keysAt(form: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  if (form instanceof z.ZodOptional || form instanceof z.ZodNullable || form instanceof z.ZodDefault)
    return keysAt(form.def.innerType, path);
  if (form instanceof z.ZodUnion) return form.options.flatMap((option) => keysAt(option, path));
  const [key, ...rest] = path;
  if (form instanceof z.ZodObject) {
    if (key === undefined) return Object.keys(form.shape);
    const inner = form.shape[key as string];
    return inner === undefined ? [] : keysAt(inner, rest);
  }
  return form instanceof z.ZodArray && key !== undefined ? keysAt(form.element, rest) : [];
}

function allowed(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_value":
      return issue.values.map((v) => JSON.stringify(v)).join(", ");
    case "too_small":
      return issue.origin === "array"
        ? `a list of ${issue.minimum} or more`
        : `${issue.inclusive ? "at least" : "above"} ${issue.minimum}`;
    case "too_big":
      return issue.origin === "array"
        ? `a list of at most ${issue.maximum}`
        : `${issue.inclusive ? "at most" : "below"} ${issue.maximum}`;
    case "invalid_type":
      return issue.expected === "int"
        ? "a whole number"
        : /^[aeiou]/.test(issue.expected)
          ? `an ${issue.expected}`
          : `a ${issue.expected}`;
    default:
      return issue.message;
  }
}
