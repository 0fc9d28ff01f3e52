import { structuredInStretches } from "../initializers/feedback-structure";
import { drawInStretches, runThrough } from "../initializers/initializer";
import { createInitializer } from "../initializers/registry";
import { carriesErrors } from "../layers/layer";
import { float64Tensor, referenceOps } from "../ops/reference-ops";
import { sizeOf } from "../ops/shapes";
import { Random } from "../random/random";
import type { Rule } from "../rules/rule";
import { atLayer } from "./for-layer";
import { groupByLayer, type Network, type ParameterInfo } from "./network";
import { layerContextsOf } from "./passes";

/** Weights by name, row-major float32: what engines are started with and what files hold. */
export type Weights = Readonly<Record<string, Float32Array>>;

function* drawn(
  { layer, name, shape, initializer, fans = shape }: ParameterInfo,
  seed: number,
): Generator<void, Float32Array> {
  try {
    const distribution = createInitializer(initializer)(fans);
    return yield* drawInStretches(distribution, sizeOf(shape), new Random(seed, "weights", name));
  } catch (error) {
    throw atLayer(layer, error);
  }
}

function* startingValues(
  info: ParameterInfo,
  seed: number,
  forward?: ArrayLike<number>,
): Generator<void, Float32Array> {
  const { name, shape, structure } = info;
  const values = yield* drawn(info, seed);
  if (structure === undefined) return values;
  const stream = (purpose: string) => new Random(seed, purpose, name);
  return yield* structuredInStretches(values, shape, structure, { stream, forward });
}

const isAligned = ({ structure }: ParameterInfo): boolean => structure?.alignment !== undefined;

/** The forward weights that a layer's feedback weights stand for, row-major. */
function forwardWeights(network: Network, weights: Weights, layer: number): ArrayLike<number> {
  const kernels = network.parameters.map(({ role, name, shape }) =>
    role === "kernel" ? float64Tensor(weights[name] as Float32Array, shape) : undefined,
  );
  const contexts = layerContextsOf(network, network.rules, groupByLayer(network, kernels) as never);
  const { route } = network.rules[layer] as Rule;
  const equivalent = route.forwardEquivalent(referenceOps, contexts as never, layer);
  return (equivalent as NonNullable<typeof equivalent> as { data: Float64Array }).data;
}

/**
 * The starting weights of a network: the same for every engine, and a weight's values depend on the seed, its name
 * and its initializer alone, so that networks that differ only in their rule start from the same kernels. Feedback
 * weights that are aligned at the start depend on the kernels they stand for, too.
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
  const { parameters } = network;
  for (const info of parameters.filter((own) => !isAligned(own)))
    weights[info.name] = yield* startingValues(info, seed);
  for (const info of parameters.filter(isAligned))
    weights[info.name] = yield* startingValues(
      info,
      seed,
      forwardWeights(network, weights, info.layer),
    );
  return Object.fromEntries(parameters.map(({ name }) => [name, weights[name] as Float32Array]));
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
    if (carriesErrors(info.role) && !fits)
      return [
        [
          info.name,
          runThrough(
            startingValues(
              info,
              seed,
              isAligned(info) ? forwardWeights(network, weights, info.layer) : undefined,
            ),
          ),
        ],
      ];
    return given === undefined ? [] : [[info.name, given]];
  });
  return Object.fromEntries(entries);
}
