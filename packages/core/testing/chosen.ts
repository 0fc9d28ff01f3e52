/** There is none in a browser. */
const { process } = globalThis as { readonly process?: { readonly env: Record<string, unknown> } };

/** Whether every case is to be tried, which takes many times as long: with `BIOFLAX_EVERY_CASE=1`. */
export const everyCase = process?.env.BIOFLAX_EVERY_CASE === "1";

/** Every so manieth of many cases, from the first on. All of them where {@link everyCase}. */
export const everyNth = <Case>(cases: readonly Case[], n: number): Case[] =>
  cases.filter((_, i) => everyCase || i % n === 0);

/**
 * Part of many cases: each whose name has a word that no name before it had, so that every rule, loss, layer and option is
 * tried, and of the others every so manieth, if any. All of them where {@link everyCase}.
 */
export function chosen<Case>(
  cases: readonly Case[],
  every = Number.POSITIVE_INFINITY,
  nameOf: (given: Case) => string = (given) => (given as { readonly name: string }).name,
): Case[] {
  if (everyCase) return [...cases];
  const seen = new Set<string>();
  return cases.filter((given, i) => {
    const before = seen.size;
    for (const word of nameOf(given).match(/[a-z]\w+/gi) ?? []) seen.add(word);
    return seen.size > before || i % every === 0;
  });
}
