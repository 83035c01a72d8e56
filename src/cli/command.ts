import * as commander from "commander";
import { UserError } from "../base/errors.js";
import { type Index, kebab } from "../base/lookup.js";
import type { Io } from "./io.js";
import type { Given, Option, Options } from "./option.js";

/**
 * One command.
 *
 * @property summary      one line, no full stop
 * @property description  what else the help should say
 * @property examples     whole command lines
 * @property arguments    positional, in order, the required ones first
 * @property run          does it; the exit code, 0 when it returns none
 */
export interface Command<A extends Options = Options, O extends Options = Options> {
  readonly summary: string;
  readonly description?: string;
  readonly examples: readonly string[];
  readonly arguments?: A;
  readonly options: O;
  run(given: Given<A> & Given<O>, io: Io): Promise<number | undefined> | Promise<void>;
}

/** Commands under one first word, such as `space list` and `space show`. */
export interface Group {
  readonly summary: string;
  readonly commands: Index<Command>;
}

export const defineCommand = <const O extends Options, const A extends Options = Record<never, never>>(
  command: Command<A, O>,
): Command => command as Command;

export const defineGroup = (summary: string, commands: Index<Command>): Group => ({ summary, commands });

/** The commander command that reads these options and hands what they came to on. */
export function toCommander(
  name: string,
  command: Command,
  act: (given: Given<Options>) => void | Promise<void>,
) {
  const made = quiet(new commander.Command(name)).summary(command.summary);
  made.description([command.summary, ...(command.description ? [command.description] : [])].join("\n\n"));
  const positional = Object.entries(command.arguments ?? {});
  for (const [key, option] of positional) {
    const word = kebab(key);
    const shown = option.repeats ? `${word}...` : word;
    const argument = new commander.Argument(option.required ? `<${shown}>` : `[${shown}]`, option.help);
    argument.argParser((text: string, before: unknown) => option.read(text, word, before));
    made.addArgument(option.required ? argument : argument.default(option.fallback, option.shown));
  }
  for (const [key, option] of Object.entries(command.options)) made.addOption(toOption(key, option));
  if (command.examples.length > 0)
    made.addHelpText(
      "after",
      () => `\n${["Examples:", ...command.examples.map((e) => `  $ ${e}`)].join("\n")}`,
    );
  return made.action(() =>
    act({
      ...Object.fromEntries(positional.map(([key], i) => [key, made.processedArgs[i]])),
      ...made.opts(),
    }),
  );
}

function toOption(key: string, option: Option<unknown>): commander.Option {
  const flag = `--${kebab(key)}`;
  const flags = option.short === undefined ? flag : `-${option.short}, ${flag}`;
  const made = new commander.Option(
    option.value === undefined ? flags : `${flags} <${option.value}>`,
    option.help,
  );
  if (option.value === undefined) return made;
  let given: string | undefined;
  const readOnce = (text: string) => {
    if (given !== undefined)
      throw new UserError(`${flag} is given twice: ${given} and ${text}`, "Give it once.");
    given = text;
    return option.read(text, flag);
  };
  made.argParser(readOnce).default(option.fallback, option.shown);
  return made.makeOptionMandatory(option.required === true);
}

/** The commander command of a group, its members added. */
export function toCommanderGroup(
  name: string,
  group: Group,
  act: (command: Command, given: Given<Options>) => Promise<void>,
) {
  const made = quiet(new commander.Command(name)).summary(group.summary).description(group.summary);
  for (const [key, command] of Object.entries(group.commands))
    made.addCommand(toCommander(kebab(key), command, (given) => act(command, given)));
  return made;
}

/** Errors thrown in our own words instead of printed; no `help` subcommand of its own. */
export const quiet = (made: commander.Command): commander.Command =>
  made
    .helpCommand(false)
    .helpOption("-h, --help", "show this help")
    .configureOutput({ outputError: () => {} })
    .configureHelp({ sortOptions: false })
    .exitOverride((error) => {
      throw error.exitCode === 0 || error.code === "commander.help" ? error : inOurWords(error, made);
    });

/** commander's message as a UserError: "error: unknown option '--tagret'\n(Did you mean --target?)". */
function inOurWords(error: commander.CommanderError, made: commander.Command): UserError {
  const [what = "", hint = ""] = error.message.replace(/^error: /, "").split("\n");
  const path: string[] = [];
  for (let c: commander.Command | null = made; c !== null; c = c.parent) path.unshift(c.name());
  return new UserError(
    what.replaceAll("option '", "flag '").replaceAll("'", '"'),
    `${hint.replace(/^\((.*)\)$/, "$1 ")}See ${path.join(" ")} --help.`,
  );
}

/**
 * What these words come to for a command; pure.
 *
 * @throws UserError  naming the flag, what was got and what would be right
 */
export function parse<A extends Options, O extends Options>(
  command: Command<A, O>,
  argv: readonly string[],
): Given<A> & Given<O> {
  let found: Given<Options> = {};
  toCommander("nas", command as Command, (given) => {
    found = given;
  }).parse(argv, { from: "user" });
  return found as Given<A> & Given<O>;
}
