import { createInitializer } from "../initializers/registry";
import { Random } from "../random/random";
import type { Network } from "./network";

/** Weights by name, row-major float32: what engines are started with and what files hold. */
export type Weights = Readonly<Record<string, Float32Array>>;

/**
 * The starting weights of a network: the same for every engine, and a weight's values depend on the seed, its name
 * and its initializer alone, so that networks that differ only in their rule start from the same kernels.
 *
 * @param seed a whole number.
 * @returns `layers.<index>.<role>` → values.
 */
export function initializeWeights(network: Network, seed: number): Weights {
  return Object.fromEntries(
    network.parameters.map(({ name, shape, initializer }) => [
      name,
      createInitializer(initializer)(shape, new Random(seed, "weights", name)),
    ]),
  );
}
