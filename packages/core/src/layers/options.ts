import { BioflaxError, didYouMean } from "../errors";
import { checkOptionNames } from "../option-names";
import type { Option } from "../options/option";
import { describeOption, fitsOption } from "../options/read-options";
import { ruleFeatures } from "../rules/features";
import type { Rule } from "../rules/rule";
import { showValue } from "../show-value";
import { everyLearningOption, type LearningOptions } from "./learning-options";

/** @throws BioflaxError unless the option of a layer is a positive whole number. */
export function expectCount(layer: string, option: string, value: number): void {
  if (!Number.isInteger(value) || value < 1)
    throw new BioflaxError(
      `${layer}: expected ${option} to be a positive whole number, received ${showValue(value)}.`,
    );
}

/** @throws BioflaxError unless the option of a layer is true or false. */
export function expectFlag(layer: string, option: string, value: unknown): void {
  if (typeof value !== "boolean")
    throw new BioflaxError(
      `${layer}: expected ${option} to be true or false, received ${showValue(value)}.`,
    );
}

/** @throws BioflaxError unless the option of a layer is a finite number. */
export function expectNumber(layer: string, option: string, value: unknown): void {
  if (!Number.isFinite(value))
    throw new BioflaxError(
      `${layer}: expected ${option} to be a number, received ${showValue(value)}.`,
    );
}

function check(name: string, value: unknown, option: Option): void {
  if (value === undefined || fitsOption(option, value)) return;
  const hint =
    option.type === "choice" && typeof value === "string" ? didYouMean(value, option.choices) : "";
  throw new BioflaxError(
    `${name}: expected ${describeOption(option)}, received ${showValue(value)}.${hint}`,
  );
}

/**
 * Checks how a layer learns, beside its rule.
 *
 * @throws BioflaxError naming the option that is out of its range, or two that do not go together.
 */
export function checkOptions(options: LearningOptions): void {
  const { feedbackRank, feedbackAlignment } = options;
  if (feedbackRank != null && feedbackAlignment != null)
    throw new BioflaxError(
      "feedbackRank: expected none beside feedbackAlignment, which mixes forward weights of full rank into the feedback weights, " +
        `received ${showValue(feedbackRank)}. Leave out one of them.`,
    );
  for (const [name, { value, parts }] of everyLearningOption) {
    // Initializers are checked where they are made, and a spec may have one that is not to be asked for.
    if (value?.type === "initializer") continue;
    const given = options[name];
    if (value !== undefined) check(name, given, value);
    if (parts === undefined || given === undefined) continue;
    checkOptionNames(name, given, parts);
    for (const [part, { value: option }] of Object.entries(parts))
      check(`${name}.${part}`, (given as Readonly<Record<string, unknown>>)[part], option);
  }
}

/** Why a layer with its options cannot learn by a rule, as the end of a sentence; undefined when it can. */
export function refusalOf(options: LearningOptions, rule: Rule): string | undefined {
  for (const [name, { refuses }] of everyLearningOption) {
    const reason = refuses?.(rule);
    if (reason !== undefined && options[name] !== undefined) return reason;
  }
  return undefined;
}

/**
 * Of options for a whole network, those for a layer under a rule: all that are given but those its rule has no use for.
 *
 * @param options which may have others beside, and null for what is left out; initializers of any library.
 * @example
 * learningOptionsFor({ clipNorm: 1, feedbackConnections: 5 }, getRule("bp")); // { clipNorm: 1 }
 */
export function learningOptionsFor<
  Options extends { readonly [Name in keyof LearningOptions]?: unknown },
>(options: Options, rule: Rule): Pick<Options, keyof Options & keyof LearningOptions> {
  const given = everyLearningOption.flatMap(([name, { needs }]) =>
    options[name] == null || (needs !== undefined && !ruleFeatures[needs].has(rule))
      ? []
      : [[name, options[name]]],
  );
  return Object.fromEntries(given);
}
