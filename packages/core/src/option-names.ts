import { BioflaxError, nearest } from "./errors";
import { showValue } from "./show-value";

/** The keys of a type, of each member where it is a union. */
type Names<Options> = Options extends unknown ? keyof Options & string : never;

/** The options of a type by name: all of them, and none else. */
export type OptionNames<Options> = { readonly [Name in Names<Options>]: true };

/** The option whose words begin with the letters of an abbreviation: `lr` of learningRate. */
const spelledOut = (abbreviation: string, names: readonly string[]): string | undefined =>
  names.find((name) => {
    const initials = name.charAt(0) + name.replace(/[^A-Z]/g, "");
    return initials.length > 1 && initials.toLowerCase() === abbreviation.toLowerCase();
  });

/**
 * Refuses options that are none: plain JavaScript has no types to see a misspelt one, which would be passed over in
 * silence.
 *
 * @param what what they are options of, for the error.
 * @param options as they were given; one that is undefined counts as left out.
 * @param known tables of the options there are.
 * @throws BioflaxError naming the option and the nearest that there is, or that it abbreviates; or for options that are
 *   no object.
 * @example
 * const names: OptionNames<SgdOptions> = { momentum: true, nesterov: true };
 * checkOptionNames('Optimizer "sgd"', { momentun: 0.9 }, names); // … unknown option "momentun". Did you mean "momentum"? …
 */
export function checkOptionNames(
  what: string,
  options: unknown,
  ...known: readonly Readonly<Record<string, unknown>>[]
): void {
  const isNone = Array.isArray(options) || options instanceof Promise;
  if (typeof options !== "object" || options === null || isNone)
    throw new BioflaxError(
      `${what}: expected an object of options, received ${showValue(options)}.`,
    );
  const names = known.flatMap((table) => Object.keys(table));
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || names.includes(name)) continue;
    const guess = spelledOut(name, names) ?? nearest(name, names);
    throw new BioflaxError(
      `${what}: unknown option ${showValue(name)}.${guess === undefined ? "" : ` Did you mean "${guess}"?`} Known: ${names.join(", ") || "none"}.`,
    );
  }
}
