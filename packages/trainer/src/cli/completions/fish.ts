import type {
  CompletedCommand,
  CompletedOption,
  CompletedProgram,
  ValueKind,
} from "./describe-program";

const quoted = (text: string) => `'${text.replace(/[\\']/g, "\\$&")}'`;

function valueFlags(value: ValueKind | undefined): string {
  if (value === undefined) return "";
  if (value === "path") return " -r -F";
  return value === "other" ? " -x" : ` -x -a ${quoted(value.join(" "))}`;
}

/** Completions for fish. */
export function fishCompletions({ name, options, commands }: CompletedProgram): string {
  const line = (condition: string, rest: string) =>
    `complete -c ${name} -n ${quoted(condition)}${rest}`;
  const first = "__fish_use_subcommand";
  const optionLine = (condition: string, { names, description, value }: CompletedOption) => {
    const flags = names.map((one) =>
      one.startsWith("--") ? ` -l ${one.slice(2)}` : ` -s ${one.slice(1)}`,
    );
    return line(condition, `${flags.join("")}${valueFlags(value)} -d ${quoted(description)}`);
  };
  const from = (names: readonly string[]) => `__fish_seen_subcommand_from ${names.join(" ")}`;
  /** @param before where it stands. @param parents the commands that have commands of their own. */
  const linesOf = (
    { name: one, description, options: own, argument, commands: inner }: CompletedCommand,
    before: string,
    parents: readonly CompletedCommand[],
  ): string[] => {
    const names = inner.map((command) => command.name);
    // The same word may be a command, and one of another command's own.
    const others = parents.filter((parent) =>
      parent.commands.some((command) => command.name === one),
    );
    const apart = [...names, ...others.map((parent) => parent.name)];
    const isInner = before !== first;
    const seen = [
      ...(isInner ? [before.replace(/; and not .*/, "")] : []),
      from([one]),
      ...(apart.length > 0 && !isInner ? [`not ${from(apart)}`] : []),
    ].join("; and ");
    const words =
      argument === "path"
        ? " -F"
        : ` -a ${quoted((argument as readonly string[] | undefined)?.join(" ") ?? "")}`;
    return [
      line(before, ` -a ${one} -d ${quoted(description)}`),
      ...own.map((option) => optionLine(seen, option)),
      ...(argument === undefined ? [] : [line(seen, words)]),
      ...inner.flatMap((command) => linesOf(command, seen, [])),
    ];
  };
  const parents = commands.filter((command) => command.commands.length > 0);
  const lines = commands.flatMap((command) => linesOf(command, first, parents));
  return `${[
    `# Completions of ${name} for fish: ${name} completions fish > ~/.config/fish/completions/${name}.fish`,
    `complete -c ${name} -f`,
    ...options.map((option) => optionLine(first, option)),
    ...lines,
  ].join("\n")}\n`;
}
