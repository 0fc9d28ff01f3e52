/** As many seeds as anyone means. */
const MANY = 10_000;

const isSeed = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;

/** What errors expect of seeds. */
export const SEEDS = `seeds, such as 0..4 or 0,1,2, at most ${MANY}`;

/** One part of a text of seeds: a seed, or the first and the last of some. */
function part(text: string): number[] | undefined {
  const [, first = "", last = first] = /^\s*(\d+)(?:\.\.(\d+))?\s*$/.exec(text) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (first === "" || !isSeed(from) || !isSeed(to) || to < from || to - from >= MANY)
    return undefined;
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/**
 * Seeds as one writes them: `0..4`, `0,1,5..7`, a number, or a list of numbers.
 *
 * @returns each once, in their order; undefined for anything else.
 */
export function parseSeeds(given: unknown): readonly number[] | undefined {
  if (isSeed(given)) return [given];
  const seeds = Array.isArray(given)
    ? given
    : typeof given === "string"
      ? given.split(",").flatMap((text) => part(text) ?? [Number.NaN])
      : [];
  return seeds.length > 0 && seeds.length <= MANY && seeds.every(isSeed)
    ? [...new Set(seeds)]
    : undefined;
}
