import type {
  CompletedCommand,
  CompletedOption,
  CompletedProgram,
  ValueKind,
} from "./describe-program";

/** Text inside single quotes, its brackets and colons without their meaning to _arguments. */
const plain = (text: string) => text.replace(/[[\]:\\]/g, "\\$&").replaceAll("'", "'\\''");

const action = (value: ValueKind) =>
  value === "path" ? "_files" : value === "other" ? " " : `(${value.join(" ")})`;

function specsOf({ names, description, value, many }: CompletedOption): string[] {
  const [long = ""] = names;
  const label = long.replace(/^-+/, "");
  return names.map((name) => {
    if (value === undefined) return `'${name}[${plain(description)}]'`;
    const isLong = name.startsWith("--");
    const after = many ? `:*-*:${label}:${action(value)}` : `:${label}:${action(value)}`;
    return `'*${name}${isLong && !many ? "=" : ""}[${plain(description)}]${after}'`;
  });
}

/** Completions for zsh. */
export function zshCompletions({ name, options, commands }: CompletedProgram): string {
  const described = commands.map(
    (command) => `    '${plain(command.name)}:${plain(command.description)}'`,
  );
  const caseOf = ({
    name: one,
    options: own,
    argument,
    commands: inner,
  }: CompletedCommand): string => {
    const specs = own.flatMap(specsOf);
    const names = inner.map((command) => command.name);
    if (argument !== undefined && names.length > 0)
      specs.push(
        `'1:${one}:_alternative "commands:command:(${names.join(" ")})" "files:file:_files"'`,
      );
    else if (argument !== undefined) specs.push(`'*:${one}:${action(argument)}'`);
    const plainly = `_arguments ${specs.join(" \\\n      ")}`;
    if (names.length === 0) return `    ${one}) ${plainly} ;;`;
    return `    ${one}) if ((CURRENT > 2)) && [[ $words[2] == (${names.join("|")}) ]]; then
      shift words
      ((CURRENT--))
      case $words[1] in
${inner.map(caseOf).join("\n")}
      esac
    else ${plainly}; fi ;;`;
  };
  const cases = commands.map(caseOf);
  return `#compdef ${name}
# Completions of ${name} for zsh. In ~/.zshrc, after compinit: source <(${name} completions zsh)
_bioflax() {
  local -a commands
  commands=(
${described.join("\n")}
  )
  if ((CURRENT == 2)); then
    if [[ $words[2] == -* ]]; then _arguments ${options.flatMap(specsOf).join(" ")}; else _describe command commands; fi
    return
  fi
  shift words
  ((CURRENT--))
  case $words[1] in
${cases.join("\n")}
  esac
}
if [[ $funcstack[1] == _bioflax ]]; then _bioflax "$@"; else compdef _bioflax ${name}; fi
`;
}
