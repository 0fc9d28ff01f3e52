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
  /** Of one asked for its fastest product, as in {@link Greeting}. */
  readonly products?: number;
  /** Why it could not, in a line. */
  readonly error?: string;
}

/** What it says of itself when it starts. */
export interface Greeting {
  /** What it runs on: library and version, device. */
  readonly about: string;
  /** Its fastest square matrix product, in operations a second. */
  readonly products?: number;
}
