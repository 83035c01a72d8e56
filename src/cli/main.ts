import process from "node:process";
import * as commander from "commander";
import { exitCodes, UserError } from "../base/errors.js";
import { didYouMean, kebab } from "../base/lookup.js";
import { type Command, type Group, quiet, toCommander, toCommanderGroup } from "./command.js";
import * as commands from "./commands/index.js";
import { topics } from "./help.js";
import { type Io, processIo } from "./io.js";
import { version } from "./version.js";

/** Run one command line and leave its exit code in the process. */
export async function main(argv: readonly string[]): Promise<void> {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit();
  });
  const io = processIo();
  process.on("uncaughtException", (error) => process.exit(report(error, io)));
  process.exitCode = await exitCodeOf(argv, io);
}

/** Run one command line; never throws. */
export async function exitCodeOf(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    io.status("");
    if (io.signal.aborted && error === io.signal.reason) {
      io.note("Stopped.");
      return exitCodes.interrupted;
    }
    return report(error, io);
  }
}

async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  let code: number | undefined;
  const act = async (command: Command, given: Parameters<Command["run"]>[0]) => {
    code = (await command.run(given, io)) ?? exitCodes.ok;
  };
  const program = quiet(new commander.Command("nas"))
    .description("Find neural networks that are accurate and fast on a given device.")
    .version(version(), "-V, --version", "show the version")
    .addHelpText(
      "after",
      () =>
        `\nTopics: ${Object.keys(topics)
          .map((t) => `nas help ${t}`)
          .join(", ")}`,
    );
  for (const [key, entry] of Object.entries<Command | Group>(commands))
    program.addCommand(
      "commands" in entry
        ? toCommanderGroup(kebab(key), entry, act)
        : toCommander(kebab(key), entry, (given) => act(entry, given)),
    );
  program.addCommand(helpCommand(program, io));
  await program.parseAsync(argv, { from: "user" });
  return code ?? exitCodes.ok;
}

/** `nas help`, `nas help space list`, `nas help exit-codes`. */
function helpCommand(program: commander.Command, io: Io): commander.Command {
  return quiet(new commander.Command("help"))
    .summary("explain a command or a topic")
    .argument("[words...]", "a command or a topic")
    .action((words: readonly string[]) => {
      const topic = topics[words.join("-")];
      if (topic !== undefined) return io.print(topic);
      let found = program;
      for (const word of words) {
        const next = found.commands.find((c) => c.name() === word);
        if (next === undefined) {
          const known = [
            ...found.commands.map((c) => c.name()),
            ...(found === program ? Object.keys(topics) : []),
          ];
          throw new UserError(`no help on "${words.join(" ")}"`, didYouMean(word, known));
        }
        found = next;
      }
      found.outputHelp();
    });
}

/** Say what went wrong; the exit code it stands for. */
function report(error: unknown, io: Io): number {
  if (error instanceof commander.CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  const { bold, red } = io.noteStyle;
  if (error instanceof UserError) {
    io.note(`${red.bold("error:")} ${bold(error.message)}\n${indented(error.whatToDo)}`);
    return error.exitCode;
  }
  if (isSystemError(error)) {
    io.note(`${red.bold("error:")} ${bold(error.message)}`);
    return exitCodes.runtime;
  }
  const trace = error instanceof Error ? error.stack : String(error);
  io.note(
    `${red.bold("error:")} ${bold("this is a bug of nas; please report it with these lines")}\n${trace}`,
  );
  return exitCodes.bug;
}

const indented = (text: string): string => text.replace(/^/gm, "       ");

/** Refused by the operating system (no space, no permission), not by our code. */
const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "syscall" in error && "code" in error;
