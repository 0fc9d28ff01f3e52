import type { StopSignal } from "../base/stop-signals";

/** A stream the command prints to. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Everything the command touches besides files, so that tests can run it in their own process. */
export interface Io {
  /** Where results go. @throws BioflaxError when one cannot be written. */
  readonly stdout: Output;
  /** Where all else goes; what cannot be written there is lost, and nothing ends by it. */
  readonly stderr: Output;
  /** What is piped in; nothing when left out. */
  readonly stdin?: AsyncIterable<Uint8Array | string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where signals come from. */
  readonly signals: {
    on(signal: StopSignal, listener: () => void): unknown;
    off(signal: StopSignal, listener: () => void): unknown;
  };
  /** Ends the process at once. */
  exit(code: number): void;
  /** The program and its arguments that start a process of a sweep; the built one when left out. */
  readonly sweepWorker?: readonly [program: string, ...args: string[]];
  /** The program and its arguments that are this command, as a cluster's nodes start it; its name when left out. */
  readonly command?: readonly string[];
  /** When the command started, as `performance.now()` counts. */
  readonly startedAt: number;
}

/** Exit statuses. */
export const exitStatus = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;
