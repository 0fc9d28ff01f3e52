import { connectionMask } from "../initializers/connections";
import { initialValues } from "../initializers/initializer";
import { createInitializer } from "../initializers/registry";
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
