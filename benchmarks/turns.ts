import type { Contender } from "./contender";
import type { Workload } from "./workloads";

/** Takes so many steps. @returns milliseconds a step. */
export type Turn = (steps: number) => Promise<number>;

/** How turns are taken. */
export interface TurnOptions {
  readonly rounds: number;
  /** How long a turn takes, about. */
  readonly milliseconds: number;
  /** Told of whoever drops out. */
  readonly onFailure: (name: string, reason: string) => void;
}

/** How long a contender may take for a turn: compilers need theirs. */
const PATIENCE_MS = 120_000;

/** A contender's turns on a workload; one that had ended starts again. */
export function contenderTurn(contender: Contender, workload: Workload): Turn {
  return async (steps) => {
    if (contender.ended !== undefined) await contender.start();
    const { milliseconds, error } = await contender.ask({ workload, steps }, PATIENCE_MS);
    if (milliseconds === undefined) throw new Error(error);
    return milliseconds;
  };
}

/** A turn of this process, timed by the processor's clock: what others that compute beside it leave alone. */
export function processorTurn(turn: Turn): Turn {
  return async (steps) => {
    const start = process.cpuUsage();
    await turn(steps);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000 / steps;
  };
}

/**
 * Lets everyone take a turn, round by round, so that all see the same machine.
 *
 * @returns milliseconds a step, of each round, of those who took all their turns.
 */
export async function takeTurns(
  turns: ReadonlyMap<string, Turn>,
  { rounds, milliseconds, onFailure }: TurnOptions,
): Promise<Map<string, number[]>> {
  const entrants = new Map<string, { turn: Turn; steps: number; times: number[] }>();
  const attempt = async (name: string, take: () => Promise<void>) => {
    try {
      await take();
    } catch (error) {
      entrants.delete(name);
      onFailure(name, (error as Error).message);
    }
  };
  for (const [name, turn] of turns)
    await attempt(name, async () => {
      // What is made at the first steps is not of the steps.
      await turn(2);
      const first = await turn(2);
      const about = first > milliseconds ? first : await turn(8);
      // A power of two: JAX makes a program for each number of steps.
      const steps = 2 ** Math.max(0, Math.round(Math.log2(milliseconds / about)));
      if (steps > 8) await turn(steps);
      entrants.set(name, { turn, steps, times: [] });
    });
  for (let round = 0; round < rounds; round++)
    for (const [name, { turn, steps, times }] of [...entrants])
      await attempt(name, async () => {
        // A machine that has waited for others' turns, or a contender that has, is slower at first.
        await turn(steps);
        times.push(await turn(steps));
      });
  return new Map([...entrants].map(([name, { times }]) => [name, times]));
}
