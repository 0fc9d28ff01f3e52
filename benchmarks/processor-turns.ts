/** Something that takes steps. */
export interface Stepper {
  /** Takes so many. */
  readonly step: (steps: number) => Promise<unknown>;
}

/** Turns of several who take steps in this process, by the processor time they take. */
export class ProcessorTurns {
  /** @param milliseconds about how long a turn takes. */
  constructor(
    private readonly entrants: Readonly<Record<string, Stepper>>,
    private readonly milliseconds: number,
  ) {}

  /** @returns milliseconds of processor time a step, of each round, by who took it. */
  async take(rounds: number): Promise<Record<string, number[]>> {
    const all = Object.entries(this.entrants);
    const times = Object.fromEntries(all.map(([name]) => [name, [] as number[]]));
    // All take as many steps: what a call costs is the same part of each.
    const firsts: number[] = [];
    for (const [, { step }] of all) {
      await step(16);
      await step(16);
      firsts.push(await timed(step, 64));
    }
    const steps = 8 * Math.max(1, Math.round(this.milliseconds / Math.min(...firsts) / 8));
    for (const [, { step }] of all) await step(steps);
    for (let round = 0; round < rounds; round++)
      for (const [name, { step }] of all) times[name]?.push(await timed(step, steps));
    return times;
  }
}

async function timed(step: Stepper["step"], steps: number): Promise<number> {
  const before = process.cpuUsage();
  await step(steps);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / steps;
}

const known = new Map<string, Int32Array>();

/** Row numbers from 0 to a count, over and over; made once, so that they are not counted. */
export function rowsOf(length: number, count: number): Int32Array {
  const key = `${length} ${count}`;
  const rows = known.get(key) ?? Int32Array.from({ length }, (_, i) => i % count);
  known.set(key, rows);
  return rows;
}
