import { Command } from "commander";
import { bioflaxVersion } from "../version";
import { colorsFor } from "./colors";
import type { AddCommand, CommandSetup } from "./commands/command";
import { addConfig } from "./commands/config";
import { addEvaluate } from "./commands/evaluate";
import { addExport } from "./commands/export";
import { addPredict } from "./commands/predict";
import { addTrain } from "./commands/train";

/** Every command, in the order of the help text. */
const commands: readonly AddCommand[] = [addTrain, addConfig, addEvaluate, addPredict, addExport];

/** The command line of `bioflax`. */
export function createProgram(setup: CommandSetup): Command {
  const { stdout, stderr, env } = setup.io;
  const { bold } = colorsFor(stdout, env);
  const program = new Command("bioflax")
    .description("Train neural networks with biologically plausible learning rules.")
    .version(bioflaxVersion, "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => stdout.columns || 100,
      getErrHelpWidth: () => stderr.columns || 100,
      getOutHasColors: () => colorsFor(stdout, env).isColorSupported,
      getErrHasColors: () => colorsFor(stderr, env).isColorSupported,
    })
    .configureHelp({ styleTitle: bold })
    .showHelpAfterError("See bioflax --help.");
  for (const add of commands) add(program, setup);
  for (const command of program.commands)
    command
      .allowExcessArguments(false)
      .showHelpAfterError(`See ${program.name()} ${command.name()} --help.`);
  return program;
}
