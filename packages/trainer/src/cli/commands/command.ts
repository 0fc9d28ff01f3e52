import type { Command } from "commander";
import type { Io } from "../io";

/** What a command is added with. */
export interface CommandSetup {
  readonly io: Io;
  /** Told the exit status of the command when it has run. */
  finished(status: number): void;
}

/** Adds one command, with its options and what it does, to the program. */
export type AddCommand = (program: Command, setup: CommandSetup) => void;
