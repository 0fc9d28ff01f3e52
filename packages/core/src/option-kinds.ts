import { BioflaxError } from "./errors";
import { showValue } from "./show-value";

/** A kind of value that an option takes: what checks it, in code and on the command line, and how errors say it. */
export type OptionKind =
  | { readonly type: "wholeNumber"; readonly from: number }
  | { readonly type: "number"; readonly from: number; readonly to: number }
  | { readonly type: "positive" }
  | { readonly type: "flag" }
  | { readonly type: "word"; readonly words: Readonly<Record<string, true>> };

/** The kinds whose values are of a type; of words, all there are and none else. */
export type OptionKindOf<Value> = [Value] extends [boolean]
  ? Extract<OptionKind, { type: "flag" }>
  : [Value] extends [number]
    ? Extract<OptionKind, { type: "wholeNumber" | "number" | "positive" }>
    : [Value] extends [string]
      ? { readonly type: "word"; readonly words: { readonly [Word in Value]: true } }
      : never;

type Fits = {
  readonly [Type in OptionKind["type"]]: (
    kind: Extract<OptionKind, { type: Type }>,
    value: unknown,
  ) => boolean;
};

const fits: Fits = {
  wholeNumber: ({ from }, value) => Number.isInteger(value) && (value as number) >= from,
  number: ({ from, to }, value) => typeof value === "number" && value >= from && value <= to,
  positive: (_kind, value) => Number.isFinite(value) && (value as number) > 0,
  flag: (_kind, value) => typeof value === "boolean",
  word: ({ words }, value) => typeof value === "string" && Object.hasOwn(words, value),
};

function expected(kind: OptionKind): string {
  if (kind.type === "wholeNumber") return `a whole number from ${kind.from}`;
  if (kind.type === "number") return `a number from ${kind.from} to ${kind.to}`;
  if (kind.type === "positive") return "a number above 0";
  if (kind.type === "flag") return "true or false";
  return Object.keys(kind.words)
    .map((word) => `"${word}"`)
    .join(" or ");
}

/**
 * Checks an option's value.
 *
 * @param option what it is called, for the error.
 * @param value as it was given; undefined counts as left out.
 * @throws BioflaxError saying what was expected and what came instead.
 */
export function checkOption(option: string, value: unknown, kind: OptionKind): void {
  if (
    value === undefined ||
    (fits[kind.type] as (kind: OptionKind, value: unknown) => boolean)(kind, value)
  )
    return;
  throw new BioflaxError(`${option}: expected ${expected(kind)}, received ${showValue(value)}.`);
}
