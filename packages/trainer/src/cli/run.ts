import { BioflaxError } from "@bioflax/core";
import { CommanderError } from "commander";
import { ConfigError } from "../config/resolve";
import { normalizeArguments } from "./arguments";
import { colorsFor } from "./colors";
import { exitStatus, type Io } from "./io";
import { createProgram } from "./program";

/**
 * The command `bioflax`.
 *
 * @param args what follows its name on the command line.
 * @returns the exit status: 0 done, 1 failed, 2 bad usage, 130 interrupted.
 */
export async function run(args: readonly string[], io: Io): Promise<number> {
  let status: number = exitStatus.done;
  const program = createProgram({
    io,
    finished(result) {
      status = result;
    },
  });
  let command = program.name();
  program.hook("preSubcommand", (_, subcommand) => {
    command = `${program.name()} ${subcommand.name()}`;
  });
  try {
    await program.parseAsync(normalizeArguments(args), { from: "user" });
    return status;
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? exitStatus.done : exitStatus.usage;
    const { red } = colorsFor(io.stderr, io.env);
    if (error instanceof BioflaxError) {
      io.stderr.write(`${red("error:")} ${error.message}\n`);
      if (!(error instanceof ConfigError)) return exitStatus.failed;
      io.stderr.write(`See ${command} --help.\n`);
      return exitStatus.usage;
    }
    const { stack = String(error) } = error as Error;
    io.stderr.write(
      `${red("error:")} ${stack}\nThis is a bug in bioflax. Please report it: https://github.com/bioflax/bioflax/issues\n`,
    );
    return exitStatus.failed;
  }
}
