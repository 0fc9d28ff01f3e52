import type { Contender } from "./contenders";

/** How often each takes a turn, and how long one takes, about, in milliseconds. */
export const ROUNDS = 5;
const TURN = 300;

/** How fast a contender is, as far as it is known. */
export interface Rate {
  readonly name: string;
  /** The median over rounds. */
  readonly stepsPerSecond: number;
  /** How many times as many that is as the first contender's. */
  readonly times: number;
}

/** What came of some rounds. */
export interface Round {
  /** How many have been taken. */
  readonly round: number;
  readonly rates: readonly Rate[];
}

/** The middle of an odd number of values; of an even one, the upper of the two in the middle. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

/**
 * Lets contenders take steps in turns, so that what else the machine does meets all of them.
 *
 * @param contenders by name, the one that the others are compared with first.
 * @param now the time in milliseconds.
 */
export async function* measure(
  contenders: ReadonlyMap<string, Pick<Contender, "train">>,
  now = () => performance.now(),
): AsyncGenerator<Round, void> {
  type Entrant = Pick<Contender, "train">;
  const timed = async (entrant: Entrant, steps: number) => {
    const begun = now();
    await entrant.train(steps);
    return now() - begun;
  };
  const stepsOfATurn = async (entrant: Entrant) => {
    // The first steps make and compile what all need.
    await entrant.train(8);
    const eachTakes = (await timed(entrant, 8)) / 8;
    // A power of two, so that no number of steps needs a program of its own.
    const steps = 2 ** Math.max(3, Math.round(Math.log2(TURN / eachTakes)));
    await entrant.train(steps);
    return steps;
  };
  const entrants: { name: string; entrant: Entrant; steps: number; rates: number[] }[] = [];
  for (const [name, entrant] of contenders)
    entrants.push({ name, entrant, steps: await stepsOfATurn(entrant), rates: [] });
  for (let round = 1; round <= ROUNDS; round++) {
    for (const { entrant, steps, rates } of entrants)
      rates.push((1000 * steps) / (await timed(entrant, steps)));
    const first = entrants[0]?.rates as readonly number[];
    yield {
      round,
      rates: entrants.map(({ name, rates }) => ({
        name,
        stepsPerSecond: median(rates),
        times: median(rates) / median(first),
      })),
    };
  }
}
