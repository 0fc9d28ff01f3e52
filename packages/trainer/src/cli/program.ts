import { Command, CommanderError } from "commander";
import { colorsFor } from "./colors";
import { addAttack } from "./commands/attack";
import type { AddCommand, CommandSetup } from "./commands/command";
import { addCompletions } from "./commands/completions";
import { addConfig } from "./commands/config";
import { addDevices } from "./commands/devices";
import { addEvaluate } from "./commands/evaluate";
import { addExport } from "./commands/export";
import { addPredict } from "./commands/predict";
import { addReport } from "./commands/report";
import { addSweep } from "./commands/sweep";
import { addTrain } from "./commands/train";
import { exitStatus } from "./io";
import { refuseEmptyPaths, usageError } from "./usage-errors";
import { versionLines } from "./versions";

/** Every command, in the order of the help text. */
const commands: readonly AddCommand[] = [
  addTrain,
  addConfig,
  addSweep,
  addReport,
  addEvaluate,
  addPredict,
  addAttack,
  addExport,
  addDevices,
  addCompletions,
];

/**
 * The command line of `bioflax`.
 *
 * @param args what is to be read by it, for errors.
 */
export function createProgram(setup: CommandSetup, args: readonly string[] = []): Command {
  const { stdout, stderr, env } = setup.io;
  const { bold } = colorsFor(stdout, env);
  const program = new Command("bioflax")
    .description("Train neural networks with biologically plausible learning rules.")
    .option("-V, --version", "print the versions of bioflax and of what computes")
    .helpOption("-h, --help", "print help")
    .helpCommand("help [command]", "print the help of a command")
    .exitOverride()
    // An option belongs to the command before it: some commands have commands below them with options of the same names.
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => stdout.columns || 100,
      getErrHelpWidth: () => stderr.columns || 100,
      getOutHasColors: () => colorsFor(stdout, env).isColorSupported,
      getErrHasColors: () => colorsFor(stderr, env).isColorSupported,
      outputError: (text, write) => write(usageError(text, program, args)),
    })
    .configureHelp({ styleTitle: bold })
    .showHelpAfterError("See bioflax --help.");
  program.on("option:version", () => {
    const versions = versionLines();
    stdout.write(versions);
    throw new CommanderError(exitStatus.done, "commander.version", versions);
  });
  program.hook("preAction", (_, command) => refuseEmptyPaths(command));
  for (const add of commands) add(program, setup);
  finishCommands(program, program.name(), args);
  return program;
}

/** Has the commands below one tell what they refuse. @param name the words that ask for it. */
function finishCommands(parent: Command, name: string, args: readonly string[]): void {
  for (const command of parent.commands) {
    const own = `${name} ${command.name()}`;
    command
      .allowExcessArguments(false)
      .configureOutput({
        outputError: (text, write) => write(usageError(text, command, args)),
      })
      .showHelpAfterError(`See ${own} --help.`);
    finishCommands(command, own, args);
  }
}
