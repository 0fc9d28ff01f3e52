import * as z from "zod";
import { data } from "./groups/data";
import { feedback } from "./groups/feedback";
import { initialWeights } from "./groups/initial-weights";
import { logging } from "./groups/logging";
import { network } from "./groups/network";
import { command, running } from "./groups/running";
import { training } from "./groups/training";

/**
 * Every setting of a run: the one source of the type, the defaults, the command line, its help, the checks of config
 * files and their JSON Schema. Names, defaults and meanings are bioflax's where bioflax has the setting.
 */
export const configSchema = z.strictObject({
  ...data,
  ...network,
  ...feedback,
  ...training,
  ...initialWeights,
  ...logging,
  ...running,
});

/** The settings of the command `bioflax train`: a run's, and how this one command behaves. */
export const commandSchema = configSchema.extend(command);

/** The settings of a run, resolved: defaults filled in, names canonical. */
export type Config = z.output<typeof configSchema>;

/** The settings of a run as people write them: everything may be left out. */
export type ConfigInput = z.input<typeof configSchema>;

/** The settings of the command, resolved. */
export type CommandConfig = z.output<typeof commandSchema>;
