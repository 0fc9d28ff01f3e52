import { sentence } from "@bioflax/core";
import { RunFolderError } from "./run-folder-error";

/** The name of the file in a run folder that has its settings. */
export const CONFIG_FILE = "config.json";

/**
 * The settings of a run by name, as its `config.json` has them: what they mean, and what is left out, the trainer
 * knows.
 */
export type ConfigRecord = Readonly<Record<string, unknown>>;

/** The settings in a `config.json`. @param file what errors call it. @throws RunFolderError when it holds none. */
export function parseConfigRecord(text: string, file: string): ConfigRecord {
  const refuse = (problem: string, cause?: unknown) =>
    new RunFolderError(
      `${file}: expected the settings of a run as JSON, but ${sentence(problem)}`,
      { cause },
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refuse((error as Error).message, error);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw refuse("it holds no settings by name");
  return value as ConfigRecord;
}
