import {
  BioflaxError,
  groupByLayer,
  type Network,
  type NetworkParameters,
  type ParameterRole,
  sizeOf,
  type Weights,
} from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { BaseDense } from "../dense/base-dense";

/** A weight of a model under its name in core: `layers.<index>.<role>`. */
interface NamedVariable {
  readonly name: string;
  readonly variable: tf.LayerVariable;
}

/** A model's bioflax layers. */
function bioLayers(model: tf.LayersModel): BaseDense[] {
  return model.layers.filter((layer) => layer instanceof BaseDense);
}

/** The weights of a model's bioflax layers, which are counted from 0 in the model's order. */
function namedVariables(model: tf.LayersModel): NamedVariable[] {
  return bioLayers(model).flatMap((layer, index) =>
    (Object.entries(layer.variables) as [ParameterRole, tf.LayerVariable][]).map(
      ([role, variable]) => ({
        name: `layers.${index}.${role}`,
        variable,
      }),
    ),
  );
}

/**
 * The weights of a model's bioflax layers as core's definitions take them, for `lossAndGradients` or `alignment` over
 * {@link tfOps}. They are the model's own variables: they follow training, and are not to be disposed.
 *
 * @param network the network the model was made from.
 * @throws BioflaxError when the model lacks one of its weights.
 */
export function networkParameters(
  model: tf.LayersModel,
  network: Network,
): NetworkParameters<tf.Tensor> {
  const byName = new Map(
    namedVariables(model).map(({ name, variable }) => [name, variable.read()]),
  );
  const values = network.parameters.map(({ name }) => {
    const value = byName.get(name);
    if (value === undefined)
      throw new BioflaxError(
        `The model has no weight "${name}": it was made from another network.`,
      );
    return value;
  });
  return groupByLayer(network, values);
}

/**
 * The random numbers that a model's bioflax layers will use in their next step, as core's `prepareStep` takes them: in the
 * order of the network's `noise`. New tensors: call it inside `tf.tidy`.
 */
export function networkNoise(model: tf.LayersModel): tf.Tensor[] {
  return bioLayers(model).flatMap((layer) => layer.nextNoise());
}

/**
 * Reads the weights of a model's bioflax layers.
 *
 * @returns core's names → values: what `.safetensors` files and every engine hold.
 */
export async function readWeights(model: tf.LayersModel): Promise<Weights> {
  const values = namedVariables(model).map(
    async ({ name, variable }) => [name, Float32Array.from(await variable.read().data())] as const,
  );
  return Object.fromEntries(await Promise.all(values));
}

/**
 * Sets the weights of a model's bioflax layers.
 *
 * @param weights core's names → values, for every weight of the model. Names of other layers are let be.
 * @throws BioflaxError for a weight that is missing or has another size; no weight is changed then.
 */
export function writeWeights(model: tf.LayersModel, weights: Weights): void {
  const assignments = namedVariables(model).map(({ name, variable }) => {
    const values = weights[name];
    const shape = variable.shape as number[];
    if (values?.length !== sizeOf(shape)) {
      const received = values === undefined ? "nothing" : `${values.length}`;
      throw new BioflaxError(
        `Weight "${name}": expected ${sizeOf(shape)} values for the shape [${shape.join(", ")}], received ${received}.`,
      );
    }
    return { variable, values, shape };
  });
  tf.tidy(() => {
    for (const { variable, values, shape } of assignments) variable.write(tf.tensor(values, shape));
  });
}
