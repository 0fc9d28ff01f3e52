import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { showValue } from "@bioflax/core";
import type { Config } from "../../config/schema";
import { allSettings, type Setting } from "../../config/settings";

/** Digits of a digest in a name: among a hundred thousand runs, two are the same by chance once in 200 sweeps. */
const DIGITS = 10;
/** Longer names are cut before their digest. */
const LONGEST = 120;

/**
 * The settings a run is told from others by: those that differ from their defaults and that a run cannot be resumed
 * with others of, and those that are swept. So a run with more epochs goes on in its folder, unless epochs are swept.
 */
const telling = (config: Config, swept: ReadonlySet<string>): [string, unknown][] =>
  allSettings()
    .filter(({ key, resumable, commandLineOnly, default: byDefault }) => {
      const value = config[key as keyof Config];
      if (commandLineOnly || key === "out" || value === undefined) return false;
      if (swept.has(key)) return true;
      return !resumable && JSON.stringify(value) !== JSON.stringify(byDefault);
    })
    .map(({ key, path }): [string, unknown] => {
      const value = config[key as keyof Config];
      return [key, path ? resolve(String(value)) : value];
    })
    .sort(([a], [b]) => (a < b ? -1 : 1));

/** A digest of a run's settings: the same for the same run, whatever the sweep. */
export function digestOf(config: Config, swept: ReadonlySet<string>): string {
  const text = JSON.stringify(telling(config, swept));
  return createHash("sha256").update(text).digest("hex").slice(0, DIGITS);
}

/** A value as a name or a line shows it: `500x500` of a list. */
export function shortValue(value: unknown): string {
  if (Array.isArray(value)) return value.map(shortValue).join("x") || "none";
  if (typeof value === "number" && !Number.isInteger(value))
    return String(Number(value.toPrecision(5)));
  if (typeof value === "object") return showValue(value);
  return value === undefined ? "default" : String(value);
}

/** The flag of a setting, as names and tables have it. */
export const flagOf = (key: string): string =>
  allSettings().find((setting: Setting) => setting.key === key)?.flag ?? key;

/** Swept values as a line shows them: `lr 0.1, mode fa`. */
export function describeSwept(swept: Readonly<Record<string, unknown>>): string {
  return Object.entries(swept)
    .map(([key, value]) => `${flagOf(key)} ${shortValue(value)}`)
    .join(", ");
}

/**
 * The name of a run's folder: its swept values, and the digest that tells it from any other run.
 *
 * @param swept its values, in the order of the sweep.
 */
export function runName(swept: Readonly<Record<string, unknown>>, digest: string): string {
  const parts = Object.entries(swept).map(([key, value]) => `${flagOf(key)}=${shortValue(value)}`);
  const readable = parts
    .join(",")
    .replace(/[^\w.,=+-]/g, "_")
    .slice(0, LONGEST);
  return `${readable || "run"}-${digest}`;
}
