import type { ConfigRecord } from "@bioflax/runs";
import type { ReportedSetting } from "./setting";

/** Whether a setting is not what it is when left out. */
export function isChanged(value: unknown, byDefault: unknown): boolean {
  return JSON.stringify(value) !== JSON.stringify(byDefault);
}

/** The command line that makes the same run, part by part, with the settings that are not the default. */
export function commandLine(config: ConfigRecord, settings: readonly ReportedSetting[]): string[] {
  const quote = (value: string) =>
    /^[\w./:=@-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
  const options = settings
    .filter(
      ({ key, default: byDefault }) =>
        key !== "out" && config[key] !== undefined && isChanged(config[key], byDefault),
    )
    .map(({ key, flag }) =>
      `--${flag} ${[config[key]]
        .flat()
        .map((value) => quote(String(value)))
        .join(" ")}`.trimEnd(),
    );
  return ["bioflax train", ...options];
}
