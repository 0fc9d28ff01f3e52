import {
  activations,
  initializers,
  losses,
  models,
  optimizers,
  rules,
  schedules,
} from "@bioflax/core";
import { datasets } from "@bioflax/datasets/node";
import * as z from "zod";
import { data } from "./groups/data";
import { feedback } from "./groups/feedback";
import { initialWeights } from "./groups/initial-weights";
import { logging } from "./groups/logging";
import { network } from "./groups/network";
import { ownSettings } from "./groups/own-options";
import { command, running } from "./groups/running";
import { training } from "./groups/training";

function bundled() {
  return {
    ...data(),
    ...network(),
    ...feedback(),
    ...training(),
    ...initialWeights(),
    ...logging(),
    ...running(),
  };
}

function makeSchemas() {
  const shape = bundled();
  const config = z.strictObject({ ...shape, ...ownSettings(shape) });
  return { config, command: config.extend(command()) };
}

/** Every definition that settings can name, as it is now. */
const definitions = (): unknown[] => [
  ...rules,
  ...activations,
  ...losses,
  ...optimizers,
  ...schedules,
  ...initializers,
  ...models,
  ...datasets,
];

let made: { readonly of: readonly unknown[]; readonly schemas: ReturnType<typeof makeSchemas> };

/**
 * The schemas of the settings there are now: made anew when a definition of one's own has been added, or taken away.
 */
function schemas(): ReturnType<typeof makeSchemas> {
  const now = definitions();
  const isSame = made?.of.length === now.length && now.every((one, i) => one === made.of[i]);
  if (!isSame) made = { of: now, schemas: makeSchemas() };
  return made.schemas;
}

/**
 * Every setting of a run: the one source of the type, the defaults, the command line, its help, the checks of config
 * files and their JSON Schema. Names, defaults and meanings are bioflax's where bioflax has the setting; definitions of
 * one's own are in it once they have been added.
 */
export const configSchema = () => schemas().config;

/** The settings of the command `bioflax train`: a run's, and how this one command behaves. */
export const commandSchema = () => schemas().command;

/**
 * Settings that plugins bring, for TypeScript: the options of optimizers, models, schedules and data sets of your own.
 *
 * @example
 * declare module "@bioflax/trainer" {
 *   interface PluginSettings {
 *     readonly lookAhead?: number;
 *   }
 * }
 */
// biome-ignore lint/suspicious/noEmptyInterface: others extend it.
export interface PluginSettings {}

/** The settings of a run, resolved: defaults filled in, names canonical. */
export type Config = z.output<ReturnType<typeof configSchema>>;

/** Options of one architecture that are no settings of every run: the schema has them from the registry. */
interface ArchitectureSettings {
  /** How many times as many filters each layer of `mobilenetV2` has. */
  readonly widthMultiplier?: number;
}

/** The settings of a run as people write them: everything may be left out. */
export type ConfigInput = z.input<ReturnType<typeof configSchema>> &
  PluginSettings &
  ArchitectureSettings;

/** The settings of the command, resolved. */
export type CommandConfig = z.output<ReturnType<typeof commandSchema>>;
