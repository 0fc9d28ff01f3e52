import {
  type Batch,
  type Float64Tensor,
  float64Tensor,
  forward,
  groupByLayer,
  layerContextsOf,
  lossAndGradients,
  type Network,
  type NetworkParameters,
  noiseOffset,
  noiseShape,
  noiseTable,
  prepareStep,
  referenceOps,
  sizeOf,
  type Trainable,
  type Weights,
} from "@bioflax/core";
import type { BatchTrace, LayerMatrices, Matrix, UnitMaps } from "./protocol";

// What the compiled engine has no program for is worked out by the reference interpreter: little, and in float64.

const parametersOf = (network: Network, weights: Weights): NetworkParameters<Float64Tensor> =>
  groupByLayer(
    network,
    network.parameters.map(({ name, shape }) =>
      float64Tensor(weights[name] as Float32Array, shape),
    ),
  );

/** A tensor with its last axis as columns. */
function matrixOf({ shape, data }: Float64Tensor): Matrix {
  const columns = shape.at(-1) as number;
  return { rows: sizeOf(shape) / columns, columns, values: Float32Array.from(data) };
}

/** The kernels of a network, and what carries errors in their stead. */
export function matricesOf(network: Network, weights: Weights): LayerMatrices[] {
  const contexts = layerContextsOf(network, network.rules, parametersOf(network, weights));
  const first = contexts.findIndex((context) => context !== undefined);
  return contexts.flatMap((context, index): LayerMatrices[] => {
    if (context === undefined) return [];
    const { kernel, feedback } = context.parameters;
    const { rule } = context;
    const { source } = rule.route;
    // Under a rule with feedback weights, layers that no error is sent through have none.
    const carries = !rule.hasFeedback || feedback !== undefined;
    const teaches = source === "input" ? index === first : rule.route.teaches(index - first);
    // What is drawn anew at each step is no matrix to be looked at.
    const isDrawn = rule.mirror === undefined && (rule.noise?.(context.layer).length ?? 0) > 0;
    const carrier =
      isDrawn || !carries || !teaches ? feedback : rule.transport(referenceOps, context);
    const isShown = teaches && carrier !== undefined && carrier !== kernel;
    return [
      {
        kernel: matrixOf(kernel),
        ...(isShown && { carrier: matrixOf(carrier) }),
        standsForKernel: source === "above",
      },
    ];
  });
}

/**
 * What the units of hidden layers answer at the places of a map.
 *
 * @param inputs [size², 2].
 */
export function unitMapsOf(
  network: Network,
  weights: Weights,
  { size, inputs }: { readonly size: number; readonly inputs: Float32Array },
): UnitMaps[] {
  const places = size ** 2;
  const input = float64Tensor(inputs, [places, 2]);
  const tape = forward(referenceOps, network, parametersOf(network, weights), input);
  return tape.slice(0, -1).map(({ output: { shape, data } }) => {
    const units = shape[1] as number;
    const values = new Float32Array(data.length);
    for (let i = 0; i < data.length; i++)
      values[(i % units) * places + Math.floor(i / units)] = data[i] as number;
    return { units, size, values };
  });
}

/** The mean size of each unit's number over a batch, and the places of a feature map. */
function sizesOf({ shape, data }: Float64Tensor): Float32Array {
  const units = shape.at(-1) as number;
  const sums = new Float32Array(units);
  data.forEach((value, i) => {
    sums[i % units] = (sums[i % units] as number) + Math.abs(value);
  });
  return sums.map((sum) => (sum * units) / data.length);
}

/** What is drawn for a step, in the order of the network's noise. */
const noiseOf = (network: Network, seed: number, batch: number, step: number) =>
  network.noise.map((info) => {
    const shape = noiseShape(info, batch);
    const start = noiseOffset(info, seed, step);
    const table = noiseTable(info, seed, batch);
    return float64Tensor(table.subarray(start, start + sizeOf(shape)), shape);
  });

/** How a batch goes through a network and its errors come back, before the weights learn from it. */
export function traceOf(
  trainable: Trainable,
  weights: Weights,
  batch: Batch<Float64Tensor>,
  { seed, batchSize, stepsTaken }: Record<"seed" | "batchSize" | "stepsTaken", number>,
): BatchTrace {
  const { network } = trainable;
  const noise = noiseOf(network, seed, batchSize, stepsTaken);
  const parameters = prepareStep(referenceOps, network, parametersOf(network, weights), noise);
  const { tape, signals } = lossAndGradients(referenceOps, trainable, parameters, batch);
  const kernels = network.layers.flatMap(({ hasKernel }, index) => (hasKernel ? [index] : []));
  const last = kernels.length - 1;
  return {
    layers: kernels.map((index) => {
      const output = sizesOf((tape[index] as (typeof tape)[number]).output);
      const signal = signals[index];
      return { output, error: signal ? sizesOf(signal) : new Float32Array(output.length) };
    }),
    sources: kernels.map((index, place) => {
      if (place === last) return "loss";
      const own = network.rules[index]?.route.source;
      if (own === "output" || own === "input") return own;
      return "above";
    }),
  };
}
