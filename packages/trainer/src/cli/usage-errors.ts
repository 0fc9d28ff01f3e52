import { nearest, printable } from "@bioflax/core";
import type { Command } from "commander";
import { allSettings, camelCased, findSetting, type Setting } from "../config/settings";

/** A setting's option, where a command has it. */
function optionOf(setting: Setting | undefined, command: Command): string | undefined {
  return command.options.find(({ long }) => setting && long === `--${setting.flag}`)?.long;
}

/** An option by the name that other programs have for it: `--learning-rate`. */
function otherName(message: string, command: Command): string | undefined {
  const [, option = ""] = /^error: unknown option '(--[^']+)'/.exec(message) ?? [];
  const name = camelCased(option.slice(2));
  const meant = optionOf(
    allSettings().find(({ elsewhere = [] }) => elsewhere.includes(name)),
    command,
  );
  return meant && `error: unknown option '${option}'\n(Did you mean ${meant}?)`;
}

/** A word that is none of a few. */
function choice(message: string): string | undefined {
  const [, word, words] =
    /argument '(.*)' is invalid\. Allowed choices are (.*)\.$/s.exec(message) ?? [];
  const meant = word && words && nearest(word, words.split(", "));
  return meant ? `${message}\n(Did you mean ${meant}?)` : undefined;
}

/** A command nobody knows: one it is the beginning of, which commander does not look for. */
function otherCommand(message: string, program: Command): string | undefined {
  const [, name] = /^error: unknown command '(.*)'$/s.exec(message) ?? [];
  const meant =
    name &&
    nearest(
      name,
      program.commands.map((command) => command.name()),
    );
  return meant ? `${message}\n(Did you mean ${meant}?)` : undefined;
}

/** More arguments than a command takes: values of an option that takes one, or a value without its option. */
function excess(message: string, command: Command, args: readonly string[]): string | undefined {
  if (!message.startsWith("error: too many arguments")) return undefined;
  const left = command.args.slice(command.registeredArguments.length);
  const [first = ""] = left;
  const option = args[args.indexOf(first) - 2] ?? "";
  const setting = findSetting(camelCased(option.replace(/^--/, "")));
  if (option.startsWith("--") && setting !== undefined && !setting.many)
    return `error: ${option}: expected one value, received ${[args[args.indexOf(first) - 1], ...left].join(" ")}`;
  const meant = optionOf(
    allSettings().find(({ choices = [] }) => choices.includes(first)),
    command,
  );
  return meant && `${message}\n(Did you mean ${meant} ${first}?)`;
}

/**
 * What commander says of a command line it refuses, and what it does not know: which setting is meant by another
 * program's name for it, which command or word by a misspelt one, and which option had too many values.
 *
 * @param text commander's message, which ends a line.
 * @param command the command that was asked for.
 * @param args the command line.
 */
export function usageError(text: string, command: Command, args: readonly string[]): string {
  const message = text.trimEnd();
  const better =
    otherName(message, command) ??
    otherCommand(message, command) ??
    choice(message) ??
    excess(message, command, args);
  return `${printable(better ?? message)}\n`;
}

/** Options beside the settings whose values are paths. */
export const pathOptions = ["--out", "--weights"];

/** Refuses an empty path, as a script has it whose variable is not set. @throws CommanderError after saying so. */
export function refuseEmptyPaths(command: Command): void {
  const option = command.options.find(
    ({ long }) =>
      long && pathOptions.includes(long) && command.getOptionValue(long.slice(2)) === "",
  );
  const argument = command.registeredArguments.find((_, i) =>
    [command.processedArgs[i]].flat().includes(""),
  );
  const name = option?.long ?? argument?.name();
  if (name !== undefined) command.error(`error: ${name}: expected a path, received an empty one`);
}
