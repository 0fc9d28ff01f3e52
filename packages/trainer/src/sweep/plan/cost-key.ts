import type { Config } from "../../config/schema";
import { allSettings } from "../../config/settings";

const keys = new WeakMap<Config, string>();

/**
 * What runs have in common that take the same time an epoch, as a text: all settings but those that only change numbers
 * a step computes with, such as the learning rate, the seed or a scale, and those that say where a run is.
 */
export function costKeyOf(config: Config): string {
  const known = keys.get(config);
  if (known !== undefined) return known;
  const text = JSON.stringify(
    allSettings()
      .filter(({ group, kind, key, many }) => {
        if (key === "seed" || key === "epochs" || group === "Run" || group === "Logging")
          return false;
        return !(["Training", "Initial weights"].includes(group) && kind === "number" && !many);
      })
      .map(({ key }) => config[key as keyof Config] ?? null),
  );
  keys.set(config, text);
  return text;
}
