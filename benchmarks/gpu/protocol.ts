import type { Workload } from "./workloads";

/** What a contender is asked: to train so many steps of a workload, and to time them. */
export interface Request {
  readonly workload: Workload;
  readonly steps: number;
  /** Also to return the losses, of the first steps of a network that is new. */
  readonly losses?: boolean;
}

/** What it answers. */
export interface Answer {
  /** Milliseconds a step. */
  readonly milliseconds?: number;
  readonly losses?: readonly number[];
  /** Why it could not, in a line. */
  readonly error?: string;
}

/** What it says of itself when it starts. */
export interface Greeting {
  /** What it runs on: library and version, device. */
  readonly about: string;
}

/** Answers a line of JSON with a line of JSON, until no more come. */
export async function serve(
  greeting: Greeting,
  answer: (request: Request) => Promise<Answer>,
): Promise<void> {
  const say = (value: object) => process.stdout.write(`${JSON.stringify(value)}\n`);
  say(greeting);
  const { createInterface } = await import("node:readline");
  for await (const line of createInterface({ input: process.stdin })) {
    const reply = await answer(JSON.parse(line)).catch((error: Error) => ({
      error: error.message.split("\n")[0] ?? "failed",
    }));
    say(reply);
  }
}
