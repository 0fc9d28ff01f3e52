import type { CompletedOption, CompletedProgram, ValueKind } from "./describe-program";

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
  const lines = commands.flatMap(({ name: one, description, options: own, argument }) => {
    const seen = `__fish_seen_subcommand_from ${one}`;
    const words =
      argument === "path"
        ? " -F"
        : ` -a ${quoted((argument as readonly string[] | undefined)?.join(" ") ?? "")}`;
    return [
      line(first, ` -a ${one} -d ${quoted(description)}`),
      ...own.map((option) => optionLine(seen, option)),
      ...(argument === undefined ? [] : [line(seen, words)]),
    ];
  });
  return `${[
    `# Completions of ${name} for fish: ${name} completions fish > ~/.config/fish/completions/${name}.fish`,
    `complete -c ${name} -f`,
    ...options.map((option) => optionLine(first, option)),
    ...lines,
  ].join("\n")}\n`;
}
