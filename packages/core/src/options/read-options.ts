import { BioflaxError, didYouMean } from "../errors";
import { checkOptionNames } from "../option-names";
import { showValue } from "../show-value";
import type { NumberOption, Option, Options, OptionValues } from "./option";

/** What an option may be, in words: `a whole number from 1`. */
export function describeOption(option: Option): string {
  if (option.type === "flag") return "true or false";
  if (option.type === "choice") return `one of ${option.choices.join(", ")}`;
  if (option.type === "words") return "a list of words";
  const { from, above, to, below, whole, type } = option;
  const lower = from === undefined ? above !== undefined && `above ${above}` : `from ${from}`;
  const upper =
    to === undefined
      ? below !== undefined && `${lower === false ? "below" : "up to, but not including,"} ${below}`
      : `to ${to}`;
  // Whole numbers have no end that one would ask for.
  const range = [lower, upper || (!whole && from !== undefined && "upwards")].filter(Boolean);
  const noun = whole ? "whole number" : range.length === 0 ? "finite number" : "number";
  const words = [type === "numbers" ? `${noun}s` : noun, ...range].join(" ");
  return type === "numbers" ? `a list of ${words}` : `a ${words}`;
}

/** Whether an option may have a value. */
export function fitsOption(option: Option, value: unknown): boolean {
  switch (option.type) {
    case "flag":
      return typeof value === "boolean";
    case "choice":
      return option.choices.includes(value as string);
    case "words":
      return Array.isArray(value) && value.every((one) => typeof one === "string");
    case "numbers":
      return (
        Array.isArray(value) &&
        value.every((one) =>
          fitsOption({ ...option, type: "number" } as unknown as NumberOption, one),
        )
      );
    case "number": {
      const { from = -Infinity, above = -Infinity, to = Infinity, below = Infinity } = option;
      return (
        typeof value === "number" &&
        Number.isFinite(value) &&
        (!option.whole || Number.isInteger(value)) &&
        value >= from &&
        value > above &&
        value <= to &&
        value < below
      );
    }
  }
}

/**
 * Checks options that were given, and fills in those that were left out.
 *
 * @param what what they are options of, for errors: `Optimizer "sgd"`.
 * @param options the options there are.
 * @param given as they were given; one that is undefined counts as left out.
 * @param others tables of what else may be given, which is not looked at.
 * @returns every option's value.
 * @throws BioflaxError for an option that is unknown, missing, or not what it may be.
 */
export function readOptions<O extends Options>(
  what: string,
  options: O,
  given: unknown,
  ...others: readonly Readonly<Record<string, unknown>>[]
): OptionValues<O> {
  checkOptionNames(what, given, options, ...others);
  return Object.fromEntries(
    Object.entries<Option>(options).map(([name, option]) => {
      const value = (given as Readonly<Record<string, unknown>>)[name] ?? option.default;
      if (!fitsOption(option, value))
        throw new BioflaxError(
          `${what}: expected "${name}" to be ${describeOption(option)}, received ${showValue(value)}.` +
            (option.type === "choice" && typeof value === "string"
              ? didYouMean(value, option.choices)
              : ""),
        );
      return [name, value];
    }),
  ) as OptionValues<O>;
}
