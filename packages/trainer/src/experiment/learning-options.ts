import {
  everyLearningOption,
  type LearningOptions,
  learningOptionsFor,
  type Rule,
} from "@bioflax/core";
import { type GivenBy, learningSettings } from "../config/learning-settings";
import type { Config } from "../config/schema";

/** The settings of how layers learn that were given, each with its value. */
export function givenLearningSettings(
  config: Config,
): (GivenBy & { readonly key: keyof Config; readonly given: unknown })[] {
  return learningSettings.flatMap((one) => {
    const given = config[one.key as keyof Config] as unknown;
    const isFilledIn = one.part === undefined && given === one.leaf.value.default;
    return given === undefined || isFilledIn
      ? []
      : [{ ...one, key: one.key as keyof Config, given }];
  });
}

/** The options that a run's settings give its layers, but for how weights start. */
function optionsOf(config: Config): Omit<LearningOptions, "feedbackInitializer"> {
  const options: Record<string, unknown> = {};
  for (const { option, part, given } of givenLearningSettings(config))
    options[option] =
      part === undefined ? given : { ...(options[option] as object), [part]: given };
  return options;
}

/** Those of them for a layer under a rule, which are those that the rule has a use for. */
export function learningOptionsOf(config: Config, rule: Rule): LearningOptions {
  return learningOptionsFor(optionsOf(config), rule);
}

/** How the first lines of a run say which of them are in force. */
export function describeLearning(config: Config): string[] {
  const given = optionsOf(config) as LearningOptions;
  return everyLearningOption.flatMap(([name, { shown }]) =>
    given[name] === undefined ? [] : (shown?.(given[name]) ?? []),
  );
}
