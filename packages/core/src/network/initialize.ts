import { connectionMaskInStretches } from "../initializers/connections";
import { drawInStretches, runThrough } from "../initializers/initializer";
import { createInitializer } from "../initializers/registry";
import { sizeOf } from "../ops/shapes";
import { Random } from "../random/random";
import type { Network, ParameterInfo } from "./network";

/** Weights by name, row-major float32: what engines are started with and what files hold. */
export type Weights = Readonly<Record<string, Float32Array>>;

function* startingValues(
  { name, shape, initializer, connections }: ParameterInfo,
  seed: number,
): Generator<void, Float32Array> {
  const random = new Random(seed, "weights", name);
  const distribution = createInitializer(initializer)(shape);
  const values = yield* drawInStretches(distribution, sizeOf(shape), random);
  if (connections === undefined) return values;
  const pattern = new Random(seed, "connections", name);
  const mask = yield* connectionMaskInStretches(shape, connections, pattern);
  for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) * (mask[i] as number);
  return values;
}

/**
 * The starting weights of a network: the same for every engine, and a weight's values depend on the seed, its name
 * and its initializer alone, so that networks that differ only in their rule start from the same kernels.
 *
 * @param seed a whole number.
 * @returns `layers.<index>.<role>` → values.
 */
export function initializeWeights(network: Network, seed: number): Weights {
  return runThrough(initializeWeightsInStretches(network, seed));
}

/**
 * {@link initializeWeights} for those who have something else to do meanwhile: a network of hundreds of millions of
 * weights takes tens of seconds. It yields after some milliseconds' work each time.
 *
 * @returns a generator that returns the weights.
 * @example
 * const drawing = initializeWeightsInStretches(network, 0);
 * let step = drawing.next();
 * for (; !step.done; step = drawing.next()) await new Promise((resolve) => setTimeout(resolve));
 * const weights = step.value;
 */
export function* initializeWeightsInStretches(
  network: Network,
  seed: number,
): Generator<void, Weights> {
  const weights: Record<string, Float32Array> = {};
  for (const info of network.parameters) weights[info.name] = yield* startingValues(info, seed);
  return weights;
}

/** What to do about feedback weights that are missing, as the last sentence of an error. */
export const missingFeedback =
  " Where the others were learnt under another rule, withFeedback(network, weights, seed) of @bioflax/core draws it.";

/**
 * A network's weights from those of one under another rule, which may have feedback weights that this one has not, and
 * not those that it has.
 *
 * @param weights by name; feedback weights that are missing or of another size are drawn, those that the network has
 *   not left out. All else is as it was given, and it is for who uses it to check that it is whole.
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
    if (info.role === "feedback" && !fits)
      return [[info.name, runThrough(startingValues(info, seed))]];
    return given === undefined ? [] : [[info.name, given]];
  });
  return Object.fromEntries(entries);
}
