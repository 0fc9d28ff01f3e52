import type { Summary } from "@bioflax/runs";
import { RunFolder } from "@bioflax/runs/node";

/** What there is of a run by now. */
export interface RunState {
  readonly status: /** Nothing was begun. */
    | "planned"
    /** A process is training it. */
    | "running"
    /** It was stopped, or its process died, and goes on from where it was saved. */
    | "unfinished"
    /** All its epochs are done. */
    | "done"
    /** Its loss was no longer finite: a result, too. */
    | "diverged"
    /** It ended by an error. */
    | "failed";
  /** How it ended; missing of a run that has not, or was killed. */
  readonly summary?: Summary;
}

/**
 * What there is of the run in a folder.
 *
 * @param epochs how many it is to have.
 * @throws BioflaxError when what is there cannot be read.
 */
export async function runStateOf(path: string, epochs: number): Promise<RunState> {
  if (!(await RunFolder.holdsRun(path)))
    return { status: (await RunFolder.writer(path)) === undefined ? "planned" : "running" };
  const folder = await RunFolder.open(path);
  const summary = await folder.readSummary();
  const given = summary && { summary };
  if (summary?.diverged) return { status: "diverged", ...given };
  if (summary?.status === "done" && summary.epochs >= epochs) return { status: "done", ...given };
  if ((await RunFolder.writer(path)) !== undefined) return { status: "running", ...given };
  return { status: summary?.status === "failed" ? "failed" : "unfinished", ...given };
}
