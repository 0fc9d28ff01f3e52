import {
  type FlagOption,
  type OptimizerDefinition,
  optimizers,
  type Registry,
} from "@bioflax/core";
import type * as z from "zod";
import { optionSetting, type SharedOption, sharedOptions } from "../shared-options";

type BuiltIns = typeof optimizers extends Registry<OptimizerDefinition, infer B> ? B : never;
type OptionName = { [N in keyof BuiltIns]: keyof BuiltIns[N]["options"] }[keyof BuiltIns];
type OptionOf<K> = {
  [N in keyof BuiltIns]: K extends keyof BuiltIns[N]["options"] ? BuiltIns[N]["options"][K] : never;
}[keyof BuiltIns];

/** The options of all optimizers, by the first that has them. */
export const optimizerOptions = (): SharedOption[] => sharedOptions([...optimizers]);

/** A setting for each option of the optimizers. */
export const optimizerSettings = () =>
  Object.fromEntries(
    optimizerOptions().map((option) => {
      const isBundled = option.owners.some((name) => optimizers.isBuiltIn(name));
      return [option.name, optionSetting(option, "Training", isBundled)];
    }),
  ) as unknown as {
    [K in OptionName]: z.ZodOptional<OptionOf<K> extends FlagOption ? z.ZodBoolean : z.ZodNumber>;
  };
