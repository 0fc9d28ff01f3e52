import * as z from "zod";

/** What the command line and the docs know of a setting beside its type. */
export interface SettingNotes {
  /** The heading it stands under. */
  readonly group:
    | "Data"
    | "Network"
    | "Feedback"
    | "Training"
    | "Initial weights"
    | "Measurements"
    | "Engine"
    | "Logging"
    | "Run";
  /** What it means, in a few words, with its unit. */
  readonly description: string;
  /** What stands for its value in the help text. */
  readonly placeholder?: string;
  /** Other names it goes by, in camelCase. */
  readonly aliases?: readonly string[];
  /** What other programs call it, in camelCase: not taken, but whoever writes it is told the name. */
  readonly elsewhere?: readonly string[];
  /** The value is a path: in a config file it is relative to that file. */
  readonly path?: true;
  /** Its name on the command line where that is given once for each of its values: `plugin` for `plugins`. */
  readonly repeatedAs?: string;
  /**
   * It may be another when a run is resumed: the numbers do not come from it, or whoever changes it asks for others.
   */
  readonly resumable?: true;
}

/** The notes of every setting, by its schema. */
export const settingNotes = z.registry<SettingNotes>();

/** A setting: its type, and the notes on it. */
export function setting<S extends z.ZodType>(schema: S, notes: SettingNotes): S {
  const described = schema.describe(notes.description);
  settingNotes.add(described, notes);
  return described;
}
