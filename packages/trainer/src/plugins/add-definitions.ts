import {
  activations,
  type Definition,
  describeOption,
  fitsOption,
  initializers,
  layers,
  losses,
  models,
  type Option,
  type Options,
  optimizers,
  optionTypes,
  rules,
  schedules,
  showValue,
} from "@bioflax/core";
import { datasets } from "@bioflax/datasets/node";
import type { Plugin } from "../base/plugin";
import { camelCased, findSetting, hyphenated } from "../config/settings";
import { PluginError } from "./plugin-error";

/** What a registry can do with definitions of whatever kind. */
interface AnyRegistry extends Iterable<Definition> {
  readonly kind: string;
  has(name: string): boolean;
  add(definition: never): unknown;
  remove(name: string): boolean;
}

/** The registry of each list of a plugin. */
export const registries = {
  rules,
  activations,
  losses,
  optimizers,
  initializers,
  schedules,
  layers,
  models,
  datasets,
} as const satisfies { readonly [List in Exclude<keyof Plugin, "name" | "version">]: AnyRegistry };

type ListName = keyof typeof registries;

/** The lists whose definitions' options are settings of the command. */
const withSettings: ReadonlySet<ListName> = new Set([
  "optimizers",
  "schedules",
  "models",
  "datasets",
]);

/** Flags of the command that are no settings. */
const flags = new Set(["help", "version", "format", "sources", "schema"]);

/** @throws PluginError for an option that cannot be a flag and a key of config files. */
function checkOptions(registry: AnyRegistry, definition: Definition, where: string): void {
  const { options = {} } = definition as Definition & { readonly options?: Options };
  if (typeof options !== "object" || options === null) return;
  for (const name of Object.keys(options)) {
    const refuse = (problem: string) => {
      throw new PluginError(
        `${where}: ${registry.kind} "${definition.name}", option "${name}": ${problem}`,
      );
    };
    if (camelCased(hyphenated(name)) !== name || !/^[a-z][A-Za-z0-9]*$/.test(name))
      refuse(
        "expected a name in camelCase, which is written --in-camel-case on the command line. Call it another name.",
      );
    const option = options[name];
    if (!optionTypes.includes(option?.type as Option["type"]))
      refuse(
        `expected its "type" to be one of ${optionTypes.join(", ")}, received ${showValue(option?.type)}.`,
      );
    if (option?.default !== undefined && !fitsOption(option, option.default))
      refuse(
        `expected its "default" to be ${describeOption(option)}, received ${showValue(option.default)}.`,
      );
    const isShared = [...registry].some((other) =>
      Object.hasOwn((other as { options?: object }).options ?? {}, name),
    );
    if (!isShared && (findSetting(name) !== undefined || flags.has(name) || /^no[A-Z]/.test(name)))
      refuse("expected a name that no setting of the command has. Call it another name.");
  }
}

/**
 * Adds a plugin's definitions to the registries: all, or none when one is refused.
 *
 * @param where how errors call the plugin: `--plugin ./my-rule.mjs`.
 * @throws PluginError naming the list, the place in it, and what is wrong.
 */
export function addDefinitions(plugin: Plugin, where: string): void {
  const added: { registry: AnyRegistry; name: string }[] = [];
  try {
    for (const list of Object.keys(registries) as ListName[]) {
      const registry: AnyRegistry = registries[list];
      (plugin[list] ?? []).forEach((definition: Definition, index) => {
        const place = `${where}: ${list}[${index}]`;
        const isNew = !registry.has(definition?.name);
        if (isNew && withSettings.has(list) && definition)
          checkOptions(registry, definition, place);
        add(registry, definition, place);
        if (isNew) added.push({ registry, name: definition.name });
      });
    }
  } catch (error) {
    for (const { registry, name } of added) registry.remove(name);
    throw error;
  }
}

function add(registry: AnyRegistry, definition: Definition, place: string): void {
  try {
    registry.add(definition as never);
  } catch (error) {
    throw new PluginError(`${place}: ${(error as Error).message}`, { cause: error });
  }
}
