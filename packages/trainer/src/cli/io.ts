/** A stream the command prints to. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Everything the command touches besides files, so that tests can run it in their own process. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  /** What is piped in; nothing when left out. */
  readonly stdin?: AsyncIterable<Uint8Array | string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where SIGINT and SIGTERM come from. */
  readonly signals: {
    on(signal: "SIGINT" | "SIGTERM", listener: () => void): unknown;
    off(signal: "SIGINT" | "SIGTERM", listener: () => void): unknown;
  };
  /** Ends the process at once. */
  exit(code: number): void;
  /** When the command started, as `performance.now()` counts. */
  readonly startedAt: number;
}

/** Exit statuses. */
export const exitStatus = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;
