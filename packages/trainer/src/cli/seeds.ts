import { ConfigError } from "../resolve/resolve";

/** The most seeds that are meant. */
const MANY = 1000;

/**
 * Seeds as a command line has them: numbers and ranges, `0..9`, `1,5,8` or `0..4,7`.
 *
 * @throws ConfigError for what is none, seeds twice, or more than anyone means.
 */
export function parseSeeds(given: string): number[] {
  const refuse = (expected: string): never => {
    throw new ConfigError([`--seeds: expected ${expected}, received ${JSON.stringify(given)}`]);
  };
  const seeds = given.split(",").flatMap((part) => {
    const [, from = "", to = from] = /^(\d{1,15})(?:\.\.(\d{1,15}))?$/.exec(part.trim()) ?? [];
    const [first, last] = [Number(from), Number(to)];
    if (from === "" || last < first)
      return refuse("whole numbers and ranges of them, such as 0..9 or 1,5,8");
    if (last - first >= MANY) return refuse(`at most ${MANY} seeds`);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
  const twice = seeds.find((seed, i) => seeds.indexOf(seed) < i);
  if (twice !== undefined) refuse(`each seed once, and ${twice} is there twice`);
  return seeds;
}
