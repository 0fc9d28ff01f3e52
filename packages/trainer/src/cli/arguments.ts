import { camelCased, findSetting, type Setting } from "../config/settings";

/** What goes on with an option's values: anything but the next option, which a negative number is not. */
const isValue = (arg: string | undefined) => arg !== undefined && !/^-(?![\d.])/.test(arg);

/** An option as it is written: `--no-`, the name, and `=` with a value; all but the name may be missing. */
const written = /^--(no[-_])?([A-Za-z][\w-]*)(=.*)?$/s;

/**
 * Gives options their one spelling: `--batch_size` becomes `--batch-size`, an alias the name it stands for, and
 * several values one: `--hidden-layers 4 5` becomes `--hidden-layers=4,5`.
 *
 * What is unknown stays as it was written, for the error to quote.
 */
export function normalizeArguments(args: readonly string[]): string[] {
  const normal: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string;
    const [, no = "", name = "", value = ""] = written.exec(arg) ?? [];
    const setting = name === "" || /[A-Z]/.test(name) ? undefined : findSetting(camelCased(name));
    if (setting === undefined) {
      normal.push(arg);
      continue;
    }
    if (setting.repeatedAs !== undefined) {
      normal.push(`--${setting.flag}${value}`);
      continue;
    }
    const values = value === "" ? [] : [value.slice(1)];
    while (setting.many && isValue(args[i + 1])) values.push(args[++i] as string);
    normal.push(`--${no && "no-"}${setting.flag}${setting.many ? `=${values.join(",")}` : value}`);
  }
  return normal;
}

const numeral = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const words: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  1: true,
  false: false,
  no: false,
  0: false,
};

/** A value as written on the command line; what does not fit its kind stays text, for the error to quote. */
function parseOne(kind: Setting["kind"], text: string): unknown {
  if (kind === "number" && numeral.test(text)) return Number(text);
  if (kind === "boolean" && Object.hasOwn(words, text.toLowerCase()))
    return words[text.toLowerCase()];
  return text;
}

/**
 * The value of a setting from what the command line holds.
 *
 * @param raw text, that of several values with commas between them; or a boolean for an option without a value.
 */
export function parseValue(
  { kind, many, choices }: Setting,
  raw: string | boolean | readonly string[],
): unknown {
  if (typeof raw !== "string") return raw;
  // A word in place of numbers.
  if (kind === "number" && choices?.includes(raw)) return raw;
  if (!many) return parseOne(kind, raw);
  return raw
    .split(",")
    .filter((text) => text !== "")
    .map((text) => parseOne(kind, text));
}
