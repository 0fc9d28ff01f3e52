import type { Config } from "../../trainer/src/config/schema";
import { settings } from "../../trainer/src/config/settings";

/** Whether a setting is not what it is when left out. */
export function isChanged(value: unknown, byDefault: unknown): boolean {
  return JSON.stringify(value) !== JSON.stringify(byDefault);
}

/** The command line that makes the same run, part by part, with the settings that are not the default. */
export function commandLine(config: Config): string[] {
  const given = config as Readonly<Record<string, unknown>>;
  const quote = (value: string) =>
    /^[\w./:=@-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
  const options = settings
    .filter(
      ({ key, default: byDefault }) =>
        key !== "out" && given[key] !== undefined && isChanged(given[key], byDefault),
    )
    .map(({ key, flag }) =>
      `--${flag} ${[given[key]]
        .flat()
        .map((value) => quote(String(value)))
        .join(" ")}`.trimEnd(),
    );
  return ["bioflax train", ...options];
}
