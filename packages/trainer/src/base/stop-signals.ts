/**
 * The signals that stop a run and have it saved: what terminals send (Ctrl-C, Ctrl-\, a window that is closed), and
 * what clusters send before a job's time is up, which is for the user or the queue to choose.
 */
export const stopSignals = [
  "SIGINT",
  "SIGTERM",
  "SIGHUP",
  "SIGQUIT",
  "SIGUSR1",
  "SIGUSR2",
  "SIGXCPU",
] as const;

/** One of {@link stopSignals}. */
export type StopSignal = (typeof stopSignals)[number];
