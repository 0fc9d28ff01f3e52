import type { CompletedProgram, ValueKind } from "./describe-program";

const words = (list: readonly string[]) => `_bioflax_words '${list.join(" ")}'`;

const completer = (value: ValueKind) =>
  value === "path" ? "_bioflax_paths" : value === "other" ? ":" : words(value);

/** Completions for bash, from 3.2 on. */
export function bashCompletions({ name, options, commands: own }: CompletedProgram): string {
  const inner = own.flatMap((command) =>
    command.commands.map((one) => ({ ...one, name: `${command.name} ${one.name}` })),
  );
  const commands = [...own, ...inner];
  const values = (isMany: boolean) =>
    commands.flatMap((command) =>
      command.options
        .filter(({ value, many }) => value !== undefined && (many || !isMany))
        .map(
          ({ names, value }) =>
            `    ${names.map((one) => `"${command.name} ${one}"`).join("|")}) ${completer(value as ValueKind)}; return ;;`,
        ),
    );
  const first = [...own.map((command) => command.name), ...options.flatMap((one) => one.names)];
  const optionsOf = commands.map(
    (command) =>
      `      "${command.name}") ${words(command.options.flatMap((option) => option.names))} ;;`,
  );
  const argumentsOf = commands.flatMap(({ name: one, argument, commands: others }) => {
    if (argument === undefined) return [];
    const also = others.map((other) => other.name).join(" ");
    const inPlace = also === "" ? "" : `; ((COMP_CWORD == 2)) && _bioflax_also '${also}'`;
    return [`    "${one}") ${completer(argument)}${inPlace} ;;`];
  });
  const innerNames = inner.map((command) => `"${command.name}"`).join("|");
  return `# Completions of ${name} for bash. In ~/.bashrc: source <(${name} completions bash)
_bioflax_words() { COMPREPLY=($(compgen -W "$1" -- "$current")); }
_bioflax_also() { COMPREPLY+=($(compgen -W "$1" -- "$current")); }
_bioflax_paths() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -f -- "$current"))
  compopt -o filenames 2>/dev/null
}
_bioflax() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=$((COMP_CWORD - 1)) option="" previous at
  local command=\${COMP_WORDS[1]}
  COMPREPLY=()
  # Bash takes "--mode=dfa" for three words.
  if [[ $current == = ]]; then current=""
  elif [[ \${COMP_WORDS[before]} == = ]]; then before=$((before - 1)); fi
  previous=\${COMP_WORDS[before]}
  if ((COMP_CWORD == 1)); then _bioflax_words '${first.join(" ")}'; return; fi
  if ((COMP_CWORD > 2)); then
    case "$command \${COMP_WORDS[2]}" in
      ${innerNames}) command="$command \${COMP_WORDS[2]}" ;;
    esac
  fi
  for ((at = before; at > 1; at--)); do
    if [[ \${COMP_WORDS[at]} == --* ]]; then option=\${COMP_WORDS[at]}; break; fi
  done
  if [[ $current == -* ]]; then
    case "$command" in
${optionsOf.join("\n")}
    esac
    return
  fi
  case "$command $previous" in
${values(false).join("\n")}
  esac
  case "$command $option" in
${values(true).join("\n")}
  esac
  case "$command" in
${argumentsOf.join("\n")}
  esac
}
complete -F _bioflax ${name}
`;
}
