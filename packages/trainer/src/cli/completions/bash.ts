import type { CompletedProgram, ValueKind } from "./describe-program";

const words = (list: readonly string[]) => `_bioflax_words '${list.join(" ")}'`;

const completer = (value: ValueKind) =>
  value === "path" ? "_bioflax_paths" : value === "other" ? ":" : words(value);

/** Completions for bash, from 3.2 on. */
export function bashCompletions({ name, options, commands }: CompletedProgram): string {
  const values = (isMany: boolean) =>
    commands.flatMap((command) =>
      command.options
        .filter(({ value, many }) => value !== undefined && (many || !isMany))
        .map(
          ({ names, value }) =>
            `    ${names.map((one) => `"${command.name} ${one}"`).join("|")}) ${completer(value as ValueKind)}; return ;;`,
        ),
    );
  const names = commands.map((command) => command.name);
  const own = options.flatMap((option) => option.names);
  const optionsOf = commands.map(
    (command) =>
      `      ${command.name}) ${words(command.options.flatMap((option) => option.names))} ;;`,
  );
  const argumentsOf = commands.flatMap(({ name: one, argument }) =>
    argument === undefined ? [] : [`    ${one}) ${completer(argument)} ;;`],
  );
  return `# Completions of ${name} for bash. In ~/.bashrc: source <(${name} completions bash)
_bioflax_words() { COMPREPLY=($(compgen -W "$1" -- "$current")); }
_bioflax_paths() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -f -- "$current"))
  compopt -o filenames 2>/dev/null
}
_bioflax() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=$((COMP_CWORD - 1)) option="" previous at
  COMPREPLY=()
  # Bash takes "--mode=dfa" for three words.
  if [[ $current == = ]]; then current=""
  elif [[ \${COMP_WORDS[before]} == = ]]; then before=$((before - 1)); fi
  previous=\${COMP_WORDS[before]}
  if ((COMP_CWORD == 1)); then _bioflax_words '${[...names, ...own].join(" ")}'; return; fi
  for ((at = before; at > 1; at--)); do
    if [[ \${COMP_WORDS[at]} == --* ]]; then option=\${COMP_WORDS[at]}; break; fi
  done
  if [[ $current == -* ]]; then
    case \${COMP_WORDS[1]} in
${optionsOf.join("\n")}
    esac
    return
  fi
  case "\${COMP_WORDS[1]} $previous" in
${values(false).join("\n")}
  esac
  case "\${COMP_WORDS[1]} $option" in
${values(true).join("\n")}
  esac
  case \${COMP_WORDS[1]} in
${argumentsOf.join("\n")}
  esac
}
complete -F _bioflax ${name}
`;
}
