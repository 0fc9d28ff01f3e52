import { BioflaxError, lookUp } from "../errors";
import { checkOptionNames, type OptionNames } from "../option-names";
import { showValue } from "../show-value";
import { constant, normal, uniform } from "./fills";
import type { Initializer } from "./initializer";
import { type VarianceScalingOptions, varianceScaling } from "./variance-scaling";

const scaled = (defaults: VarianceScalingOptions) => (options: VarianceScalingOptions) =>
  varianceScaling({ ...defaults, ...options });

/** Every initializer by name; each takes its options as an object. */
export const initializers = {
  zeros: () => constant({ value: 0 }),
  ones: () => constant({ value: 1 }),
  constant,
  uniform,
  normal,
  varianceScaling,
  lecunNormal: scaled({ scale: 1, mode: "fanIn", distribution: "truncatedNormal" }),
  lecunUniform: scaled({ scale: 1, mode: "fanIn", distribution: "uniform" }),
  glorotNormal: scaled({ scale: 1, mode: "fanAvg", distribution: "truncatedNormal" }),
  glorotUniform: scaled({ scale: 1, mode: "fanAvg", distribution: "uniform" }),
  heNormal: scaled({ scale: 2, mode: "fanIn", distribution: "truncatedNormal" }),
  heUniform: scaled({ scale: 2, mode: "fanIn", distribution: "uniform" }),
} as const;

const scalingNames: OptionNames<VarianceScalingOptions> = {
  scale: true,
  mode: true,
  distribution: true,
};

/** What each of them takes. */
const optionNames: { readonly [Name in InitializerName]: OptionNames<OptionsOf<Name>> } = {
  zeros: {},
  ones: {},
  constant: { value: true },
  uniform: { scale: true },
  normal: { mean: true, stddev: true },
  varianceScaling: scalingNames,
  lecunNormal: scalingNames,
  lecunUniform: scalingNames,
  glorotNormal: scalingNames,
  glorotUniform: scalingNames,
  heNormal: scalingNames,
  heUniform: scalingNames,
};

/** The name of an initializer. */
export type InitializerName = keyof typeof initializers;

/** An initializer as plain JSON: its name, or its name with options, e.g. `{ name: "uniform", scale: 0.1 }`. */
export type InitializerSpec =
  | InitializerName
  | { [Name in InitializerName]: { readonly name: Name } & OptionsOf<Name> }[InitializerName];

/** What an initializer takes; nothing where it takes no options. */
type OptionsOf<Name extends InitializerName> =
  Parameters<(typeof initializers)[Name]> extends readonly []
    ? unknown
    : NonNullable<Parameters<(typeof initializers)[Name]>[0]>;

/**
 * The initializer a spec describes.
 *
 * @throws BioflaxError for an unknown name or option, or an option that is not a finite number or a word.
 */
export function createInitializer(spec: InitializerSpec): Initializer {
  const { name, ...options } = typeof spec === "string" ? { name: spec } : spec;
  const create = lookUp<(options: object) => Initializer>("initializer", initializers, name);
  checkOptionNames(`Initializer "${name}"`, options, optionNames[name], { name: true });
  for (const [option, value] of Object.entries(options)) {
    if (typeof value !== "string" && !Number.isFinite(value)) {
      throw new BioflaxError(
        `Initializer "${name}": expected a finite number or a word for "${option}", received ${showValue(value)}.`,
      );
    }
  }
  return create(options);
}
