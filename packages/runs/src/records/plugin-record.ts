import { sentence } from "@bioflax/core";
import * as z from "zod";
import { RunFolderError } from "./run-folder-error";
import { whyUnreadable } from "./why-unreadable";

/** The name of the file in a run folder that names the plugins it was trained with; there is none of a run without. */
export const PLUGINS_FILE = "plugins.json";

const recordSchema = z.object({
  name: z.string().min(1).max(200),
  version: z.exactOptional(z.string().max(200)),
  from: z.exactOptional(z.string().max(4096)),
  digest: z.exactOptional(z.string().max(200)),
});

/** What a run folder says of a plugin: it names it, and loads none. */
export interface PluginRecord {
  /** What it is called. */
  readonly name: string;
  /** Its version, where it says one. */
  readonly version?: string;
  /**
   * The path of its module, seen from the run folder where it is relative, or the name of its package; missing of one
   * given from code.
   */
  readonly from?: string;
  /** `sha256:` and the digest of its file, or of its files; missing of one given from code. */
  readonly digest?: string;
}

/**
 * The plugins that a `plugins.json` names.
 *
 * @param text undefined where there is no such file: a run without any.
 * @param file what errors call it.
 * @throws RunFolderError when it names none.
 */
export function parsePlugins(text: string | undefined, file: string): readonly PluginRecord[] {
  if (text === undefined) return [];
  try {
    return z.array(recordSchema).parse(JSON.parse(text));
  } catch (error) {
    throw new RunFolderError(
      `${file}: expected the plugins a run was trained with, but ${sentence(whyUnreadable(error))} Bring the file back as it was.`,
      { cause: error },
    );
  }
}
