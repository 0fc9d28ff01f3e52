import { BioflaxError, DefinitionError, DeviceError, printable } from "@bioflax/core";
import { isTooManyFiles, tooManyFiles } from "@bioflax/runs/node";
import { type Command, CommanderError } from "commander";
import { PluginError } from "../plugins/plugin-error";
import { ConfigError } from "../resolve/resolve";
import { normalizeArguments } from "./arguments";
import { colorsFor } from "./colors";
import { exitStatus, type Io } from "./io";
import { loadPluginsOf } from "./plugins";
import { createProgram } from "./program";

/**
 * The command `bioflax`.
 *
 * @param args what follows its name on the command line.
 * @returns the exit status: 0 done, 1 failed, 2 bad usage, 130 interrupted.
 */
export async function run(args: readonly string[], io: Io): Promise<number> {
  let status: number = exitStatus.done;
  let command = "bioflax";
  try {
    await loadPluginsOf(args);
    const normal = normalizeArguments(args);
    const program = createProgram(
      {
        io,
        finished(result) {
          status = result;
        },
      },
      normal,
    );
    program.hook("preSubcommand", (_, subcommand) => {
      command = `${program.name()} ${subcommand.name()}`;
    });
    await program.parseAsync(unknownHelp(normal, program) ?? normal, { from: "user" });
    return status;
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? exitStatus.done : exitStatus.usage;
    const { red } = colorsFor(io.stderr, io.env);
    if (error instanceof BioflaxError) {
      io.stderr.write(`${red("error:")} ${error.message}\n${whereOf(error)}`);
      // A device or a plugin is named on the command line, and its message has what to do.
      if (error instanceof DeviceError || error instanceof PluginError) return exitStatus.usage;
      if (!(error instanceof ConfigError)) return exitStatus.failed;
      io.stderr.write(`See ${command} --help.\n`);
      return exitStatus.usage;
    }
    if (isTooLarge(error)) {
      io.stderr.write(
        `${red("error:")} there is not enough memory (${error.message}). Try a smaller --batch-size, less data or a smaller network.\n`,
      );
      return exitStatus.failed;
    }
    if (isTooManyFiles(error)) {
      io.stderr.write(`${red("error:")} ${tooManyFiles()}.\n`);
      return exitStatus.failed;
    }
    const { stack = String(error) } = error as Error;
    io.stderr.write(
      `${red("error:")} ${printable(stack)}\nThis is a bug in bioflax. Please report it: https://github.com/bioflax/bioflax/issues\n`,
    );
    return exitStatus.failed;
  }
}

/** `help trian` as the command line of that command alone, which is refused with the nearest; else undefined. */
function unknownHelp([help, name, ...rest]: readonly string[], program: Command) {
  const known = ["help", ...program.commands.map((command) => command.name())];
  return help !== "help" || name === undefined || name.startsWith("-") || known.includes(name)
    ? undefined
    : [name, ...rest];
}

/** Where the code of a definition of the user's own threw an error: its stack, as there is a line of theirs to mend. */
function whereOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  if (!(error instanceof DefinitionError)) return whereOf(error.cause);
  const { cause } = error;
  return cause instanceof Error && !(cause instanceof BioflaxError) && cause.stack !== undefined
    ? `${printable(cause.stack)}\n`
    : "";
}

/** Whether an error says that an array could not be made, for want of memory. */
function isTooLarge(error: unknown): error is RangeError {
  return (
    error instanceof RangeError &&
    /allocation failed|invalid (typed )?array length/i.test(error.message)
  );
}
