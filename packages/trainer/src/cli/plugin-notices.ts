import { printable } from "@bioflax/core";
import { pluginNotices } from "../stored/run-plugins";
import type { Io } from "./io";

/** Tells of plugins of a run that are others by now. @throws PluginError for one that is missing. */
export async function tellPluginNotices(run: string, io: Io): Promise<void> {
  for (const notice of await pluginNotices(run)) io.stderr.write(`warning: ${printable(notice)}\n`);
}
