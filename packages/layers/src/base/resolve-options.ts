import {
  BioflaxError,
  initializers as coreInitializers,
  createInitializer,
  type FeedbackStructure,
  type GivenInitializer,
  type InitializerSpec,
  initializerSpecOf,
  initialValues,
  nearest,
  Random,
  type Shape,
  showValue,
  sizeOf,
  structured,
} from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import type { InitializerOption, KernelLayerOptions } from "./options";

/** TensorFlow.js's own type of initializers, which it does not export. */
type TfInitializer = ReturnType<typeof tf.initializers.zeros>;
type TfRegularizer = ReturnType<typeof tf.regularizers.l2>;
type TfConstraint = ReturnType<typeof tf.constraints.nonNeg>;

/** An initializer as a layer uses and saves it. */
export interface ResolvedInitializer {
  /**
   * Draws the values of a weight, from a stream that is named under a seed.
   *
   * @param fans the shape it goes by, where that is not the weight's.
   */
  create(seed: number, streamName: string, fans?: Shape): TfInitializer;
  /** As plain JSON. */
  readonly config: tf.serialization.ConfigDictValue;
  /** As core knows it; undefined for TensorFlow.js's. */
  readonly spec: InitializerSpec | undefined;
}

/** A layer's regularizers and constraints, resolved by TensorFlow.js itself. */
export interface Penalties {
  readonly kernelRegularizer: TfRegularizer;
  readonly biasRegularizer: TfRegularizer;
  readonly kernelConstraint: TfConstraint;
  readonly biasConstraint: TfConstraint;
  /** The four as plain JSON, under the same names. */
  readonly config: tf.serialization.ConfigDict;
}

/**
 * TensorFlow.js resolves and saves identifiers only inside its layers, so one is asked; a name keeps its counters
 * still.
 */
const ask = (options: object) =>
  tf.layers.dense({ units: 1, name: "bioflax_resolver", ...options });

const isCoreSpec = (option: InitializerOption): option is GivenInitializer =>
  typeof option === "string"
    ? coreInitializers.has(option)
    : ["string", "object"].includes(typeof (option as { name?: unknown }).name) &&
      !("apply" in option) &&
      !("className" in option);

/** A weight's starting values under one of core's initializers. */
const valuesOf = (spec: InitializerSpec, shape: Shape, seed: number, streamName: string) =>
  initialValues(createInitializer(spec), shape, new Random(seed, "weights", streamName));

/**
 * An initializer option, resolved.
 *
 * @param role what it is for, for the error.
 * @throws BioflaxError when neither bioflax nor TensorFlow.js knows it.
 */
export function resolveInitializer(role: string, option: InitializerOption): ResolvedInitializer {
  if (isCoreSpec(option)) {
    const spec = initializerSpecOf(option);
    createInitializer(spec);
    return {
      config: spec as tf.serialization.ConfigDictValue,
      spec,
      create: (seed, streamName, fans) =>
        ({
          apply: (shape: Shape) =>
            tf.tensor(valuesOf(spec, fans ?? shape, seed, streamName), [...shape]),
        }) as unknown as TfInitializer,
    };
  }
  try {
    const layer = ask({ kernelInitializer: option });
    const { kernelInitializer } = layer as unknown as { kernelInitializer: TfInitializer };
    if (typeof kernelInitializer.apply !== "function") throw new TypeError("not an initializer");
    return {
      create: (_seed, _streamName, fans) =>
        fans === undefined
          ? kernelInitializer
          : ({
              apply: (shape: Shape) =>
                tf.tidy(() => tf.reshape(kernelInitializer.apply([...fans]), [...shape])),
            } as unknown as TfInitializer),
      config: layer.getConfig().kernelInitializer as tf.serialization.ConfigDict,
      spec: undefined,
    };
  } catch {
    const known = coreInitializers.names();
    const guess = typeof option === "string" ? nearest(option, known) : undefined;
    throw new BioflaxError(
      `${role}: expected one of bioflax's initializers (${known.join(", ")}), by name or as ` +
        `{ name, … }, or one of TensorFlow.js's, received ${showValue(option)}.${guess === undefined ? "" : ` Did you mean "${guess}"?`}`,
    );
  }
}

/**
 * An initializer of feedback weights that are shaped before training begins.
 *
 * @param kernel the initializer of the layer's own kernel, for an alignment with it; undefined where it is with others.
 * @throws BioflaxError where one of TensorFlow.js's, which does not tell its values, cannot be shaped so, and for an
 *   alignment with kernels of other layers.
 */
export function shaped(
  initializer: ResolvedInitializer,
  structure: FeedbackStructure,
  kernel: ResolvedInitializer | undefined,
): ResolvedInitializer {
  const { rank, alignment } = structure;
  const untold = (role: string, option: string): never => {
    throw new BioflaxError(
      `${role}: expected one of bioflax's initializers beside ${option}, by name or as { name, … }, received one of TensorFlow.js's.`,
    );
  };
  if (initializer.spec === undefined && (rank ?? alignment) != null)
    untold("feedbackInitializer", rank == null ? "feedbackAlignment" : "feedbackRank");
  if (alignment != null && kernel === undefined)
    throw new BioflaxError(
      `feedbackAlignment: expected none, since the kernels above, which it would be with, are not there yet, received ${alignment}. Make the model ` +
        "with fromSpec or bioNetwork, which know them.",
    );
  if (alignment != null && kernel?.spec === undefined)
    untold("kernelInitializer", "feedbackAlignment");
  return {
    ...initializer,
    create: (seed, streamName, fans) => {
      const sourcesFor = (shape: Shape) => ({
        stream: (purpose: string) => new Random(seed, purpose, streamName),
        // Its kernel's name and its feedback weights' differ in the role.
        forward:
          alignment == null
            ? undefined
            : valuesOf(
                kernel?.spec as InitializerSpec,
                fans ?? shape,
                seed,
                streamName.replace(/feedback$/, "kernel"),
              ),
      });
      const started = (values: Float32Array, shape: Shape) =>
        tf.tensor(structured(values, shape, structure, sourcesFor(shape)), [...shape]);
      return {
        apply: (shape: Shape) =>
          initializer.spec === undefined
            ? // Of some of its values only which are kept is chosen, and that without reading them.
              tf.tidy(() =>
                tf.mul(
                  initializer.create(seed, streamName, fans).apply([...shape]),
                  started(new Float32Array(sizeOf(shape)).fill(1), shape),
                ),
              )
            : started(valuesOf(initializer.spec, fans ?? shape, seed, streamName), shape),
      } as unknown as TfInitializer;
    },
  };
}

/** What TensorFlow.js may hold kernels and biases to, by option. */
export const PENALTIES = [
  "kernelRegularizer",
  "biasRegularizer",
  "kernelConstraint",
  "biasConstraint",
] as const;

/**
 * The regularizers and constraints of a layer, resolved.
 *
 * @throws BioflaxError for one TensorFlow.js does not know.
 */
export function resolvePenalties(
  options: Pick<KernelLayerOptions, (typeof PENALTIES)[number]>,
): Penalties {
  const resolve = (role: (typeof PENALTIES)[number]) => {
    try {
      return ask({ [role]: options[role] });
    } catch (error) {
      throw new BioflaxError(`${role}: ${(error as Error).message}`);
    }
  };
  const layers = PENALTIES.map((role) => [role, resolve(role)] as const);
  return {
    ...Object.fromEntries(layers.map(([role, layer]) => [role, layer[role as keyof typeof layer]])),
    config: Object.fromEntries(layers.map(([role, layer]) => [role, layer.getConfig()[role]])),
  } as unknown as Penalties;
}
