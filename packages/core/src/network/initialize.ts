import { connectionMask } from "../initializers/connections";
import { initialValues } from "../initializers/initializer";
import { createInitializer } from "../initializers/registry";
import { sizeOf } from "../ops/shapes";
import { Random } from "../random/random";
import type { Network, ParameterInfo } from "./network";

/** Weights by name, row-major float32: what engines are started with and what files hold. */
export type Weights = Readonly<Record<string, Float32Array>>;

function startingValues(
  { name, shape, initializer, connections }: ParameterInfo,
  seed: number,
): Float32Array {
  const random = new Random(seed, "weights", name);
  const values = initialValues(createInitializer(initializer), shape, random);
  if (connections === undefined) return values;
  const mask = connectionMask(shape, connections, new Random(seed, "connections", name));
  return values.map((value, i) => value * (mask[i] as number));
}

/**
 * The starting weights of a network: the same for every engine, and a weight's values depend on the seed, its name
 * and its initializer alone, so that networks that differ only in their rule start from the same kernels.
 *
 * @param seed a whole number.
 * @returns `layers.<index>.<role>` → values.
 */
export function initializeWeights(network: Network, seed: number): Weights {
  return Object.fromEntries(
    network.parameters.map((info) => [info.name, startingValues(info, seed)]),
  );
}

/** What to do about feedback weights that are missing, as the last sentence of an error. */
export const missingFeedback =
  " Where the others were learnt under another rule, withFeedback(network, weights, seed) of @bioflax/core draws it.";

/**
 * A network's weights from those of one under another rule, which may have feedback weights that this one has not, and not those
 * that it has.
 *
 * @param weights by name; feedback weights that are missing or of another size are drawn, those that the network has not left out.
 *   All else is as it was given, and it is for who uses it to check that it is whole.
 * @param seed as {@link initializeWeights} takes it.
 * @returns exactly the network's weights, as far as they are given.
 * @example
 * const fa = createNetwork({ ...spec, rule: "fa" });
 * const weights = withFeedback(fa, trainedByBackpropagation, 1);
 */
export function withFeedback(network: Network, weights: Weights, seed: number): Weights {
  const entries = network.parameters.flatMap((info): [string, Float32Array][] => {
    const given = weights[info.name];
    const fits = given?.length === sizeOf(info.shape);
    if (info.role === "feedback" && !fits) return [[info.name, startingValues(info, seed)]];
    return given === undefined ? [] : [[info.name, given]];
  });
  return Object.fromEntries(entries);
}
