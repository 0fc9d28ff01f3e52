import {
  BioflaxError,
  groupByLayer,
  missingFeedback,
  type Network,
  type NetworkParameters,
  type ParameterRole,
  showValue,
  sizeOf,
  type Weights,
} from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";
import { expectModel } from "../base/container";
import { DirectFeedback } from "../direct/direct-feedback";
import { BaseKernelFreeLayer, tfWeightNames } from "../kernel-free-layers/kernel-free-layer";
import { DirectLayer } from "../kernel-layers/direct-layer";
import { BaseKernelLayer } from "../kernel-layers/kernel-layer";
import {
  isAuxiliary,
  layerName,
  networkLayers,
  sourcesOf,
  type Uses,
  usesIn,
} from "./network-layers";

/** A weight of a model under its name in core: `layers.<index>.<role>`. */
export interface NamedVariable {
  readonly name: string;
  readonly variable: tf.LayerVariable;
}

type Variables = { readonly [Role in ParameterRole]?: tf.LayerVariable };

const STATISTICS = ["gamma", "beta", "movingMean", "movingVariance"] as const;

/** The weights of TensorFlow.js's batch normalisation, which it knows by name. */
function statisticsOf({ weights }: tf.layers.Layer): Variables {
  const named = STATISTICS.map((role) => {
    const name = tfWeightNames[role] ?? role;
    return [role, weights.find(({ originalName }) => originalName.split("/").at(-1) === name)];
  });
  return Object.fromEntries(named.filter(([, variable]) => variable !== undefined));
}

/** A layer's weights as far as core knows them. */
function variablesOf(layer: tf.layers.Layer): Variables {
  if (layer instanceof BaseKernelLayer || layer instanceof BaseKernelFreeLayer)
    return layer.variables;
  return layer.getClassName() === "BatchNormalization" ? statisticsOf(layer) : {};
}

/**
 * The feedback weights of a layer for the outputs of a model, by the ends of their names: the layer may have others,
 * for models it is shared with.
 */
function feedbackOf(
  layer: DirectFeedback | DirectLayer,
  model: tf.LayersModel,
): [string, tf.LayerVariable][] {
  const all = layer.feedbackVariables;
  const inside = new Set<object>(model.layers);
  const own = all.filter(({ source }) => source !== undefined && inside.has(source));
  const used = own.length === 0 ? all : own;
  return used.map(({ source, variable }) => [
    used.length === 1 ? "feedback" : `feedback.${source?.name}`,
    variable,
  ]);
}

/** The layer whose error arrives at another one: that which it was made for, or the nearest below. */
function servedBy(feedback: DirectFeedback, uses: Uses): tf.layers.Layer | undefined {
  return feedback.serves ?? sourcesOf(feedback, uses)[0];
}

/** The weights of a model that core knows, layer by layer, feedback weights last. */
export function namedVariables(model: tf.LayersModel): NamedVariable[] {
  const uses = usesIn(model);
  const elsewhere = new Map(
    model.layers
      .filter((layer) => isAuxiliary(layer) && layer instanceof DirectFeedback)
      .map((layer) => [servedBy(layer as DirectFeedback, uses), layer as DirectFeedback]),
  );
  return networkLayers(model).flatMap((layer, index) => {
    const at = elsewhere.get(layer) ?? (layer instanceof DirectLayer ? layer : undefined);
    const { feedback, ...rest } = variablesOf(layer);
    const own = {
      ...rest,
      ...(at !== undefined
        ? Object.fromEntries(feedbackOf(at, model))
        : feedback === undefined
          ? {}
          : { feedback }),
    };
    return Object.entries(own).map(([role, variable]) => ({
      name: `${layerName(index)}.${role}`,
      variable,
    }));
  });
}

/**
 * The weights of a model as core's definitions take them, for `lossAndGradients` or `alignment` over
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
 * The random numbers that a model's bioflax layers will use in their next step, as core's `prepareStep` takes them: in
 * the order of the network's `noise`. New tensors: call it inside `tf.tidy`.
 *
 * @param batch how many examples the step has; dropout draws for each of them.
 */
export function networkNoise(model: tf.LayersModel, batch: number): tf.Tensor[] {
  return networkLayers(model).flatMap((layer) =>
    layer instanceof BaseKernelLayer || layer instanceof BaseKernelFreeLayer
      ? layer.nextNoise(batch)
      : [],
  );
}

/**
 * Reads the weights of a model's layers, as far as core knows them: bioflax's and batch normalisation.
 *
 * @returns core's names → values: what `.safetensors` files and every engine hold.
 */
export async function readWeights(model: tf.LayersModel): Promise<Weights> {
  expectModel("readWeights", model);
  const values = namedVariables(model).map(
    async ({ name, variable }) => [name, Float32Array.from(await variable.read().data())] as const,
  );
  return Object.fromEntries(await Promise.all(values));
}

/**
 * Sets the weights of a model's layers, as far as core knows them.
 *
 * @param weights core's names → values, for every weight of the model. Names of other layers are let be.
 * @throws BioflaxError for a weight that is missing or has another size; no weight is changed then.
 */
export function writeWeights(model: tf.LayersModel, weights: Weights): void {
  expectModel("writeWeights", model);
  if (typeof weights !== "object" || weights === null || weights instanceof Promise)
    throw new BioflaxError(
      `writeWeights: expected an object of weights by name, received ${showValue(weights)}.`,
    );
  const assignments = namedVariables(model).map(({ name, variable }) => {
    const values = weights[name];
    const shape = variable.shape as number[];
    if (values?.length !== sizeOf(shape)) {
      const received = values === undefined ? "nothing" : `${values.length}`;
      throw new BioflaxError(
        `Weight "${name}": expected ${sizeOf(shape)} values for the shape [${shape.join(", ")}], received ${received}.` +
          (values === undefined && name.endsWith(".feedback") ? missingFeedback : ""),
      );
    }
    return { variable, values, shape };
  });
  tf.tidy(() => {
    // Not by its own write, which puts them through the weight's constraint: what is written is what is read.
    for (const { variable, values, shape } of assignments)
      (variable.read() as tf.Variable).assign(tf.tensor(values, shape));
  });
}
