import { resolve } from "node:path";
import type { Config } from "../config/schema";
import { allSettings, type Setting, settingGroups } from "../config/settings";
import { isModulePath } from "../plugins/locate";
import type { ResolvedConfig } from "./resolve";

/** Where a setting's value comes from: a file, the command line or, where nobody gave it, its default. */
const originOf = (key: keyof Config, origins: ResolvedConfig["origins"]) =>
  origins.get(key) ?? "default";

/** A value as text can have it: of a plugin that was given from code, its name; paths of plugins absolute. */
function shownValue(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((one) => {
    if (typeof one === "object" && one !== null) return (one as { name?: unknown }).name;
    return typeof one === "string" && isModulePath(one) ? resolve(one) : one;
  });
}

/**
 * The settings there are values of, in their order, without those that say how one command behaves.
 *
 * Paths are absolute, so that what is printed means the same wherever it is put.
 */
function shownSettings({ config }: ResolvedConfig): { setting: Setting; value: unknown }[] {
  return allSettings()
    .filter(({ key, commandLineOnly }) => !commandLineOnly && config[key] !== undefined)
    .map((setting) => {
      const value = config[setting.key];
      return { setting, value: setting.path ? resolve(value as string) : shownValue(value) };
    });
}

/**
 * Resolved settings as JSON, such that `--config` takes them.
 *
 * @param sources whether to say where each value comes from, `{ "value": …, "from": … }`; `--config` does not take
 *   that.
 */
export function configJson(resolved: ResolvedConfig, sources: boolean): string {
  const entries = shownSettings(resolved).map(({ setting: { key }, value }) => [
    key,
    sources ? { value, from: originOf(key as keyof Config, resolved.origins) } : value,
  ]);
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}

/**
 * Resolved settings as YAML, such that `--config` takes them: a line each, under headings.
 *
 * @param sources whether to say in a comment where each value comes from.
 */
export async function configYaml(resolved: ResolvedConfig, sources: boolean): Promise<string> {
  const { stringify } = await import("yaml");
  const scalar = (value: unknown) =>
    stringify(value, { collectionStyle: "flow", lineWidth: 0, blockQuote: false }).trimEnd();
  const lines = shownSettings(resolved).map(({ setting: { key, group }, value }) => ({
    group,
    text: `${key}: ${scalar(value)}`,
    from: originOf(key as keyof Config, resolved.origins).replaceAll(/\s/g, " "),
  }));
  const width = Math.min(48, Math.max(...lines.map(({ text }) => text.length)));
  return settingGroups()
    .flatMap((group) => {
      const own = lines.filter((line) => line.group === group);
      if (own.length === 0) return [];
      const shown = own.map(({ text, from }) =>
        sources ? `${text.padEnd(width)}  # ${from}` : text,
      );
      return [`# ${group}\n${shown.join("\n")}\n`];
    })
    .join("\n");
}
