import { join } from "node:path";
import { BioflaxError, sentence, showValue } from "@bioflax/core";
import { CONFIG_FILE, type Summary } from "@bioflax/runs";
import { RunFolder, readConfigFile } from "@bioflax/runs/node";
import { allSettings } from "../../config/settings";

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

type Values = Readonly<Record<string, unknown>>;

/** Refuses a run that is not the one of these settings, as far as they decide its numbers; paths apart. */
async function checkIsOf(path: string, settings: Values): Promise<void> {
  let own: Values;
  try {
    own = Object(JSON.parse((await readConfigFile(path)).toString("utf8")));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new BioflaxError(
      `${join(path, CONFIG_FILE)}: expected the settings of a run, but ${sentence(error.message)}`,
      { cause: error },
    );
  }
  const others = allSettings().flatMap((setting) => {
    const { key, flag, default: byDefault } = setting;
    if (setting.path || setting.resumable || setting.commandLineOnly || key === "plugins")
      return [];
    const [wanted, has] = [settings, own].map((values) => values[key] ?? byDefault);
    return JSON.stringify(wanted) === JSON.stringify(has)
      ? []
      : [`--${flag} ${showValue(has ?? "none")} in place of ${showValue(wanted ?? "none")}`];
  });
  if (others.length > 0)
    throw new BioflaxError(
      `${path}: expected the run of the sweep that has this name, received one of ${others.join(", ")}. Move it elsewhere, and start the sweep again.`,
    );
}

/**
 * What there is of the run in a folder.
 *
 * @param settings those it is to have, as settings name them.
 * @throws BioflaxError when what is there cannot be read, or is a run of other settings.
 */
export async function runStateOf(
  path: string,
  settings: Values & { readonly epochs: number },
): Promise<RunState> {
  const { epochs } = settings;
  if (!(await RunFolder.holdsRun(path)))
    return { status: (await RunFolder.writer(path)) === undefined ? "planned" : "running" };
  await checkIsOf(path, settings);
  const folder = await RunFolder.open(path);
  const summary = await folder.readSummary();
  const given = summary && { summary };
  if (summary?.diverged) return { status: "diverged", ...given };
  if (summary?.status === "done" && summary.epochs >= epochs) return { status: "done", ...given };
  if ((await RunFolder.writer(path)) !== undefined) return { status: "running", ...given };
  return { status: summary?.status === "failed" ? "failed" : "unfinished", ...given };
}
