import {
  activationName,
  BioflaxError,
  type Definition,
  didYouMean,
  type OpenName,
  type Registry,
  showValue,
} from "@bioflax/core";
import * as z from "zod";
import type { GivenPlugin } from "../base/plugin";

/** Makes every complaint of a schema the same sentence: what is expected, and what came instead. */
function expecting(what: string) {
  return {
    error: (issue: { input?: unknown }) => `expected ${what}, received ${showValue(issue.input)}`,
  };
}

/** More than anyone means of what is counted, and few enough that counting them out takes no machine down. */
const MANY = 2 ** 20;

/** A whole number from `from` to `to`. */
export function wholeNumber(from: number, to = MANY) {
  const expected = expecting(`a whole number from ${from}`);
  return z
    .int(expected)
    .min(from, expected)
    .max(to, expecting(`a whole number from ${from} to ${to}`));
}

/** A finite number, from `from` upwards, and up to or below a bound where there is one. */
export function number(from: number, bound: { to?: number; below?: number } = {}) {
  const upper = bound.to ?? bound.below;
  const range =
    upper === undefined
      ? "upwards"
      : `${bound.to === undefined ? "up to, but not including," : "to"} ${upper}`;
  const expected = expecting(`a number from ${from} ${range}`);
  const schema = z.number(expected).min(from, expected);
  if (bound.to !== undefined) return schema.max(bound.to, expected);
  return bound.below === undefined ? schema : schema.lt(bound.below, expected);
}

/** A finite number above 0. */
export function positive() {
  const expected = expecting("a number above 0");
  return z.number(expected).gt(0, expected);
}

/** True or false. */
export function flag() {
  return z.boolean(expecting("true or false"));
}

/**
 * One of a few words.
 *
 * @param refused words that are known and none of them, and why.
 */
export function oneOf<const W extends string>(
  words: readonly W[],
  refused: Readonly<Record<string, string>> = {},
) {
  const { error } = expecting(`one of ${words.join(", ")}`);
  return z.enum(words, { error: (issue) => `${error(issue)}${hint(issue.input, words, refused)}` });
}

/**
 * A definition of a registry, by its name. Its type has the names that come with bioflax; there may be others of one's
 * own, once they have been added.
 *
 * @param refused as of {@link oneOf}.
 */
export function known<B extends Readonly<Record<string, Definition>>>(
  // biome-ignore lint/suspicious/noExplicitAny: a registry of whatever definitions.
  registry: Registry<any, B>,
  refused?: Readonly<Record<string, string>>,
): z.ZodType<keyof B & string, OpenName<keyof B & string>> {
  return oneOf(registry.names(), refused) as unknown as z.ZodType<
    keyof B & string,
    OpenName<keyof B & string>
  >;
}

/** Why a word is refused, or which was meant; nothing where neither is known. The value may be anything. */
function hint(
  received: unknown,
  words: Iterable<string>,
  refused: Readonly<Record<string, string>>,
): string {
  if (typeof received !== "string") return "";
  if (Object.hasOwn(refused, received)) return `, ${refused[received]}`;
  const meant = didYouMean(received, words);
  return meant && `.${meant}`;
}

/** Any text but an empty one. */
export function text(what: string) {
  return z.string(expecting(what)).min(1, expecting(what));
}

/** The http or https URL of a server, without credentials: it is saved with the run. */
export function serverUrl() {
  const what = "the http or https URL of a server";
  return text(what).superRefine((url, context) => {
    const parsed = URL.canParse(url) ? new URL(url) : undefined;
    if (parsed === undefined || !["http:", "https:"].includes(parsed.protocol))
      context.addIssue(
        `expected ${what}, such as http://localhost:5000, received ${showValue(url)}`,
      );
    else if (parsed.username !== "" || parsed.password !== "")
      context.addIssue("expected a URL without a name or a password, for it is saved with the run");
  });
}

/** Plugins: paths of modules, names of packages or, from code, what such a module exports. */
export function plugins() {
  const what = "a list of plugins: paths of modules, such as ./my-rule.mjs, or names of packages";
  const isPlugin = (given: unknown) =>
    (typeof given === "string" && given !== "") || (typeof given === "object" && given !== null);
  const one = z.custom<GivenPlugin>(
    isPlugin,
    expecting("the path of a module, or the name of a package"),
  );
  return z.array(one, expecting(what)) as z.ZodType<readonly GivenPlugin[], readonly GivenPlugin[]>;
}

/** A word, or values in its place. */
export function either<const W extends string, S extends z.ZodType>(
  word: W,
  values: S,
  what: string,
) {
  const { error } = expecting(what);
  return z.union([z.enum([word]), values], {
    // A misspelt word may come as the only one of several values.
    error: ({ input }) => {
      const given = Array.isArray(input) && input.length === 1 ? input[0] : input;
      return `${error({ input })}${hint(given, [word], {})}`;
    },
  });
}

/** Several values of a kind, none to many. */
export function listOf<S extends z.ZodType>(element: S, what: string) {
  return z.array(element, expecting(what));
}

/** An activation by any name it goes by; becomes its canonical name. */
export function activation(examples: readonly string[]) {
  return z
    .string(expecting("the name of an activation"))
    .meta({ examples: [...examples] })
    .transform((name, context) => {
      try {
        return activationName(name);
      } catch (error) {
        if (!(error instanceof BioflaxError)) throw error;
        context.issues.push({ code: "custom", message: error.message, input: name });
        return z.NEVER;
      }
    });
}
