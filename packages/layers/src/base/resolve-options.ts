import {
  BioflaxError,
  connectionMask,
  initializers as coreInitializers,
  createInitializer,
  type GivenInitializer,
  type InitializerSpec,
  initializerSpecOf,
  initialValues,
  nearest,
  Random,
  type Shape,
  showValue,
} from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import type { InitializerOption, KernelLayerOptions } from "./options";

/** TensorFlow.js's own type of initializers, which it does not export. */
type TfInitializer = ReturnType<typeof tf.initializers.zeros>;
type TfRegularizer = ReturnType<typeof tf.regularizers.l2>;
type TfConstraint = ReturnType<typeof tf.constraints.nonNeg>;

/** An initializer as a layer uses and saves it. */
export interface ResolvedInitializer {
  /** Draws the values of a weight, from a stream that is named under a seed. */
  create(seed: number, streamName: string): TfInitializer;
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

/**
 * An initializer option, resolved.
 *
 * @param role what it is for, for the error.
 * @throws BioflaxError when neither bioflax nor TensorFlow.js knows it.
 */
export function resolveInitializer(role: string, option: InitializerOption): ResolvedInitializer {
  if (isCoreSpec(option)) {
    const spec = initializerSpecOf(option);
    const initializer = createInitializer(spec);
    return {
      config: spec as tf.serialization.ConfigDictValue,
      spec,
      create: (seed, streamName) =>
        ({
          apply: (shape: Shape) =>
            tf.tensor(initialValues(initializer, shape, new Random(seed, "weights", streamName)), [
              ...shape,
            ]),
        }) as unknown as TfInitializer,
    };
  }
  try {
    const layer = ask({ kernelInitializer: option });
    const { kernelInitializer } = layer as unknown as { kernelInitializer: TfInitializer };
    if (typeof kernelInitializer.apply !== "function") throw new TypeError("not an initializer");
    return {
      create: () => kernelInitializer,
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

/** An initializer of feedback weights of which each unit keeps only some; the others start, and stay, at 0. */
export function sparse(
  { create, ...rest }: ResolvedInitializer,
  connections: number,
): ResolvedInitializer {
  return {
    ...rest,
    create: (seed, streamName) =>
      ({
        apply: (shape: Shape) =>
          tf.tidy(() => {
            const mask = connectionMask(
              shape,
              connections,
              new Random(seed, "connections", streamName),
            );
            return tf.mul(create(seed, streamName).apply([...shape]), tf.tensor(mask, [...shape]));
          }),
      }) as unknown as TfInitializer,
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
