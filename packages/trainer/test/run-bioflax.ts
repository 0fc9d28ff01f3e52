import { EventEmitter } from "node:events";
import { Readable } from "node:stream";
import type { StopSignal } from "../src/base/stop-signals";
import { run } from "../src/cli/run";

/** What a command left behind: its exit status, what it printed, and whether it cleaned up. */
export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The statuses it ended its process with, had it been one. */
  readonly exits: readonly number[];
  /** Listeners it left on signals. */
  readonly listeners: number;
}

/** The world of a command that runs in this process. */
export interface Surroundings {
  readonly isTTY?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** What is piped in. */
  readonly stdin?: readonly string[];
  /** Told how to interrupt it, by Ctrl-C or another signal, before it starts. */
  readonly onStart?: (interrupt: (signal?: StopSignal) => void) => void;
}

/** Runs the command in this process. */
export async function runBioflax(
  args: readonly string[],
  { isTTY = false, env = {}, stdin = [], onStart }: Surroundings = {},
): Promise<Ran> {
  const signals = new EventEmitter();
  const exits: number[] = [];
  const printed = { stdout: "", stderr: "" };
  const stream = (name: keyof typeof printed) => ({
    isTTY,
    columns: 100,
    write(text: string) {
      printed[name] += text;
    },
  });
  onStart?.((signal = "SIGINT") => signals.emit(signal));
  const status = await run(args, {
    stdout: stream("stdout"),
    stderr: stream("stderr"),
    stdin: Readable.from(stdin),
    env,
    signals,
    exit: (code) => exits.push(code),
    startedAt: performance.now(),
  });
  return {
    status,
    ...printed,
    exits,
    listeners: signals.eventNames().length,
  };
}
