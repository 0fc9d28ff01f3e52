import type { Config } from "../../config/schema";

/** The settings of a run as a table in Markdown. */
export function settingsText(config: Config): string {
  const rows = Object.entries(config)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `| ${key} | ${[value].flat().join(" ").replaceAll("|", "\\|")} |`);
  return ["| setting | value |", "|---|---|", ...rows].join("\n");
}
