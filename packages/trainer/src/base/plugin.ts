import type {
  Activation,
  InitializerDefinition,
  LayerDefinition,
  Loss,
  ModelDefinition,
  OptimizerDefinition,
  Rule,
  ScheduleDefinition,
} from "@bioflax/core";
import type { DatasetDefinition } from "@bioflax/datasets";

/** Definitions of your own, under a name that run folders keep. */
export interface Plugin {
  /** What it is called: letters, digits, "-", "_", ".", "/" and "@", as npm's names. */
  readonly name: string;
  /** Its version; run folders keep it. */
  readonly version?: string;
  readonly rules?: readonly Rule[];
  readonly activations?: readonly Activation[];
  readonly losses?: readonly Loss[];
  // biome-ignore lint/suspicious/noExplicitAny: any optimizer's, whatever its options are.
  readonly optimizers?: readonly OptimizerDefinition<any>[];
  // biome-ignore lint/suspicious/noExplicitAny: any initializer's.
  readonly initializers?: readonly InitializerDefinition<any>[];
  // biome-ignore lint/suspicious/noExplicitAny: any schedule's.
  readonly schedules?: readonly ScheduleDefinition<any>[];
  // biome-ignore lint/suspicious/noExplicitAny: any layer's.
  readonly layers?: readonly LayerDefinition<any>[];
  // biome-ignore lint/suspicious/noExplicitAny: any model's.
  readonly models?: readonly ModelDefinition<any>[];
  readonly datasets?: readonly DatasetDefinition[];
}

/** A plugin as it may be given: itself, the path of its module, or the name of a package that is one. */
export type GivenPlugin = string | Plugin;

/**
 * A plugin, with the types of what it may hold: the default export of a module for `--plugin`, or `plugins` of {@link
 * train}.
 *
 * @example
 * export default definePlugin({ name: "my-rules", version: "1.0.0", rules: [half] });
 */
export function definePlugin<const P extends Plugin>(plugin: P): P {
  return plugin;
}
