import type { Command, Option } from "commander";
import { camelCased, findSetting } from "../../config/settings";
import { pathOptions } from "../usage-errors";

/** What stands after an option or a command: one of a few words, the path of a file, or what nobody can guess. */
export type ValueKind = readonly string[] | "path" | "other";

/** An option as a shell completes it. */
export interface CompletedOption {
  /** `--batch-size`, and `-h` where it has a short name. */
  readonly names: readonly string[];
  readonly description: string;
  /** What its value may be; undefined for one that takes none. */
  readonly value?: ValueKind;
  /** Whether it takes several values. */
  readonly many: boolean;
}

/** A command as a shell completes it. */
export interface CompletedCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** What its arguments may be; undefined for one without any. */
  readonly argument?: ValueKind;
  /** Commands of its own, which stand in place of an argument. */
  readonly commands: readonly CompletedCommand[];
}

function valueKindOf({ long, argChoices }: Option): ValueKind {
  if (argChoices !== undefined) return argChoices;
  const setting = findSetting(camelCased((long ?? "").slice(2)));
  if (setting?.choices !== undefined) return setting.choices;
  const isPath = setting?.path || setting?.key === "config" || pathOptions.includes(long ?? "");
  if (isPath) return "path";
  return setting?.kind === "boolean" ? ["true", "false"] : "other";
}

/** A description up to where it goes into details. */
const brief = (description: string) => description.split(/: |; | \(|, as /)[0] as string;

function describeOption(option: Option): CompletedOption {
  const setting = findSetting(camelCased((option.long ?? "").slice(2)));
  return {
    names: [option.long, option.short].filter((name) => name !== undefined),
    description: brief(option.description),
    ...((option.required || option.optional) && { value: valueKindOf(option) }),
    many: setting?.many ?? false,
  };
}

function describeCommand(command: Command): CompletedCommand {
  const [argument] = command.registeredArguments;
  return {
    name: command.name(),
    description: command.description(),
    options: command
      .createHelp()
      .visibleOptions(command)
      .map((option) => describeOption(option)),
    ...(argument && { argument: argument.argChoices ?? "path" }),
    commands: command
      .createHelp()
      .visibleCommands(command)
      .filter((one) => one.name() !== "help")
      .map(describeCommand),
  };
}

/** What there is to complete of a program, read from the program itself. */
export function describeProgram(program: Command): {
  readonly name: string;
  /** The program's own options, which stand in place of a command. */
  readonly options: readonly CompletedOption[];
  readonly commands: readonly CompletedCommand[];
} {
  return {
    name: program.name(),
    options: describeCommand(program).options,
    commands: program.commands.map(describeCommand),
  };
}

/** A program as completions are written for it. */
export type CompletedProgram = ReturnType<typeof describeProgram>;
