import { showValue } from "@bioflax/core";
import type { Config } from "../../config/schema";
import { commandSchema } from "../../config/schema";
import { camelCased, findSetting, guessSetting, type Setting } from "../../config/settings";

/** Values that a run has or not. */
export interface Condition {
  /** Where it stands, and what it says: `sweep.yaml: exclude[0]`. */
  readonly place: string;
  /** Whether a run has all of them. */
  readonly holds: (config: Config) => boolean;
}

/** Bounds of a number, and what they say. */
const bounds: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  above: (value, bound) => value > bound,
  below: (value, bound) => value < bound,
  from: (value, bound) => value >= bound,
  to: (value, bound) => value <= bound,
};

type Test = (value: unknown) => boolean;

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** The test of a setting by bounds, or what is wrong with them. */
function byBounds({ kind, many }: Setting, given: object): Test | string {
  const entries = Object.entries(given);
  const isFine = entries.every(
    ([name, bound]) => Object.hasOwn(bounds, name) && Number.isFinite(bound),
  );
  if (kind !== "number" || many || entries.length === 0 || !isFine)
    return `expected a value, a list of values or, of a number, bounds such as { above: 0.1 } or { from: 1, to: 3 }, received ${showValue(given)}`;
  return (value) =>
    typeof value === "number" &&
    entries.every(([name, bound]) => bounds[name]?.(value, bound as number));
}

/** The test of a setting by one or several values, or what is wrong with them. */
function byValues(setting: Setting, given: unknown): Test | string {
  // A list is one value of a setting that takes several.
  const isOne = setting.many
    ? !(Array.isArray(given) && given.some(Array.isArray))
    : !Array.isArray(given);
  const values = isOne ? [given] : (given as unknown[]);
  const schema = commandSchema().shape[setting.key];
  const wanted: unknown[] = [];
  for (const value of values) {
    const parsed = schema.safeParse(value);
    if (!parsed.success) return parsed.error.issues[0]?.message ?? "expected another value";
    wanted.push(parsed.data);
  }
  return (value) => wanted.some((one) => same(one, value));
}

/**
 * Reads a condition: values, lists of values or bounds by setting.
 *
 * @param problems is told what is wrong with it.
 */
export function parseCondition(
  given: unknown,
  place: string,
  problems: string[],
): Condition | undefined {
  if (
    typeof given !== "object" ||
    given === null ||
    Array.isArray(given) ||
    Object.keys(given).length === 0
  ) {
    problems.push(
      `${place}: expected values by setting, such as { mode: fa, lr: 0.1 }, received ${showValue(given)}`,
    );
    return undefined;
  }
  const tests: { key: keyof Config; test: Test }[] = [];
  for (const [name, value] of Object.entries(given)) {
    const setting = findSetting(camelCased(name));
    if (setting === undefined) {
      const guess = guessSetting(name);
      problems.push(
        `${place}: unknown setting ${showValue(name)}.${guess === undefined ? "" : ` Did you mean "${guess.key}"?`}`,
      );
      continue;
    }
    const isBounds = typeof value === "object" && value !== null && !Array.isArray(value);
    const test = isBounds ? byBounds(setting, value) : byValues(setting, value);
    if (typeof test === "string") problems.push(`${place}: ${name}: ${test}`);
    else tests.push({ key: setting.key as keyof Config, test });
  }
  return { place, holds: (config) => tests.every(({ key, test }) => test(config[key])) };
}
