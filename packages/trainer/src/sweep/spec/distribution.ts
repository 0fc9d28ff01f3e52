import { nearest, Random, showValue } from "@bioflax/core";

/** What a setting's value is drawn from. */
export type Distribution =
  | {
      readonly kind: "uniform" | "logUniform" | "integers";
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: "choices"; readonly choices: readonly unknown[] };

const kinds = ["uniform", "logUniform", "integers", "choices"] as const;

/** What errors expect of a distribution. */
const EXPECTED =
  "a list of choices, or { uniform: [from, to] }, { logUniform: [from, to] } or { integers: [from, to] }";

/**
 * Reads a distribution: a list of choices, or an object with its kind and its bounds, which are both part of it.
 *
 * @returns the distribution, or what is wrong with it.
 */
export function parseDistribution(given: unknown): Distribution | { readonly problem: string } {
  const refused = (what = EXPECTED, received = given) => ({
    problem: `expected ${what}, received ${showValue(received)}`,
  });
  if (Array.isArray(given))
    return given.length > 0 ? { kind: "choices", choices: given } : refused();
  if (typeof given !== "object" || given === null) return refused();
  const [entry, ...more] = Object.entries(given);
  if (entry === undefined || more.length > 0) return refused();
  const [name, value] = entry as [string, unknown];
  const kind = kinds.find((one) => one === name);
  if (kind === undefined) {
    const guess = nearest(name, kinds);
    const { problem } = refused();
    return { problem: guess === undefined ? problem : `${problem}. Did you mean "${guess}"?` };
  }
  if (!Array.isArray(value)) return refused(`${kind}: a list`, value);
  if (kind === "choices")
    return value.length > 0 ? { kind, choices: value } : refused("choices: at least one", value);
  const [from, to] = value as [unknown, unknown];
  const isBound = (one: unknown): one is number =>
    kind === "integers" ? Number.isSafeInteger(one) : Number.isFinite(one);
  if (value.length !== 2 || !isBound(from) || !isBound(to) || from > to)
    return refused(
      `${kind}: [from, to], ${kind === "integers" ? "two whole numbers" : "two numbers"}, the smaller first`,
      value,
    );
  if (kind === "logUniform" && from <= 0)
    return refused("logUniform: [from, to], two numbers above 0, the smaller first", value);
  return { kind, from, to };
}

/** Digits that a drawn number keeps: enough for a setting, and few enough to read. */
const DIGITS = 4;

/**
 * A value of a distribution. It depends on the seed, the setting and the number of the draw, and on nothing else: other
 * settings, or more draws, change none.
 */
export function draw(
  distribution: Distribution,
  { seed, key, number }: { readonly seed: number; readonly key: string; readonly number: number },
): unknown {
  const random = new Random(seed, "sweep", key, number);
  if (distribution.kind === "choices")
    return distribution.choices[random.below(distribution.choices.length)];
  const { kind, from, to } = distribution;
  const share = random.uniform();
  if (kind === "integers") return Math.min(to, from + Math.floor(share * (to - from + 1)));
  const value = kind === "uniform" ? from + share * (to - from) : from * (to / from) ** share;
  return Math.min(to, Math.max(from, Number(value.toPrecision(DIGITS))));
}
