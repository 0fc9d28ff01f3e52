import type { Activation } from "../activations/activation";
import { activations } from "../activations/registry";
import { type GivenInitializer, initializerSpecOf } from "../initializers/registry";
import type { LayerDefinition } from "../layers/definition";
import { layers } from "../layers/registry";
import type { LayerSpec } from "../layers/specs";
import type { Shape } from "../ops/tensor-ops";
import type { OpenName } from "../registry";
import { type RuleName, rules } from "../rules/registry";
import type { Rule } from "../rules/rule";
import type { NetworkSpec } from "./network";

/** A value of a spec as it may be given, by its option: definitions may stand for their names. */
type GivenOption<Key, Value> = Key extends "rule"
  ? Value | Rule
  : Key extends "activation"
    ? Value | Activation
    : Key extends `${string}Initializer`
      ? Value | GivenInitializer
      : Value;

/** A layer of the registry's own as it may be given: definitions may stand for the names of what they define. */
type GivenBuiltIn<Spec> = Spec extends unknown
  ? { readonly [Key in keyof Spec]: GivenOption<Key, Spec[Key]> }
  : never;

/** A layer as it may be given: definitions may stand for names, that of a layer for its `type`. */
export type GivenLayer =
  | GivenBuiltIn<LayerSpec>
  // biome-ignore lint/suspicious/noExplicitAny: any layer's definition, whatever its specs are.
  | { readonly type: LayerDefinition<any>; readonly [option: string]: unknown };

/**
 * A network as it may be given: definitions of rules, activations, initializers and layers may stand for their names.
 */
export interface GivenNetwork {
  /** Shape of one example, without the batch. */
  readonly inputShape: Shape;
  /** The layers, from the input to the output: see {@link NetworkSpec}. */
  readonly layers: readonly GivenLayer[];
  /** The learning rule of every layer with a kernel that has none of its own. */
  readonly rule: OpenName<RuleName> | Rule;
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** An option of a layer as its spec has it. */
function plainOption(key: string, value: unknown): unknown {
  if (!isObject(value)) return value;
  if (key === "type") return layers.nameOf(value as LayerDefinition);
  if (key === "rule") return rules.nameOf(value as Rule);
  if (key === "activation") return activations.nameOf(value as Activation);
  return key.endsWith("Initializer") ? initializerSpecOf(value as GivenInitializer) : value;
}

/**
 * The plain JSON of a layer; definitions in it are added to their registries. @throws BioflaxError for one they refuse.
 */
export function layerSpecOf(given: GivenLayer): LayerSpec {
  if (!isObject(given)) return given;
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => [key, plainOption(key, value)]),
  ) as unknown as LayerSpec;
}

/**
 * The plain JSON of a network, for files and engines; definitions in it are added to their registries.
 *
 * @throws BioflaxError for a definition that its registry refuses; nothing else is checked.
 */
export function networkSpecOf(given: GivenNetwork): NetworkSpec {
  const { rule, layers: own } = given;
  return {
    ...given,
    ...(isObject(rule) && { rule: rules.nameOf(rule) }),
    ...(Array.isArray(own) && { layers: own.map(layerSpecOf) }),
  } as NetworkSpec;
}
