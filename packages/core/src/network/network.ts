import { BioflaxError } from "../errors";
import type { InitializerSpec } from "../initializers/registry";
import type { Layer, LayerParameters, LayerSpec, ParameterRole } from "../layers/layer";
import { createLayer } from "../layers/registry";
import { sizeOf } from "../ops/shapes";
import type { Shape } from "../ops/tensor-ops";
import type { NamedNoise } from "../random/noise";
import { getRule, type RuleName } from "../rules/registry";
import type { Rule } from "../rules/rule";
import { checkNeighbours, checkRule } from "./check-rules";

/** A network as plain JSON: what both engines, the run folder and Python exchange. */
export interface NetworkSpec {
  /** Shape of one example, without the batch. */
  readonly inputShape: Shape;
  /** The layers, from the input to the output. */
  readonly layers: readonly LayerSpec[];
  /** The learning rule of every layer that has none of its own. */
  readonly rule: RuleName;
}

/** One weight tensor of a network. */
export interface ParameterInfo {
  /** `layers.<index>.<role>`: its name in files and in every engine. */
  readonly name: string;
  /** Index of its layer, from 0. */
  readonly layer: number;
  readonly role: ParameterRole;
  readonly shape: Shape;
  /** Whether an optimizer updates it: kernels, biases, and feedback weights the rule has a gradient for. */
  readonly learns: boolean;
  /** Whether it changes from step to step, by an optimizer or by mirroring. */
  readonly changes: boolean;
  /** Whether weight decay applies to it: kernels and learned feedback, never biases or fixed feedback. */
  readonly decays: boolean;
  /** How it starts. */
  readonly initializer: InitializerSpec;
  /** How many values of each row start, and stay, other than zero; all when left out. */
  readonly connections?: number | undefined;
}

/** Random numbers that one layer needs anew at every step. */
export interface NoiseInfo extends NamedNoise {
  /** Index of the layer, from 0. */
  readonly layer: number;
}

/** A checked spec, ready to be run by any interpreter. */
export interface Network {
  readonly spec: NetworkSpec;
  readonly layers: readonly Layer[];
  /** The rule of each layer. */
  readonly rules: readonly Rule[];
  /** Every weight, layer by layer: kernel, bias, feedback. */
  readonly parameters: readonly ParameterInfo[];
  /** All noise a step needs, layer by layer. */
  readonly noise: readonly NoiseInfo[];
  /** How many numbers one example's output has. */
  readonly outputs: number;
}

/** The weights of a network, layer by layer. */
export type NetworkParameters<T> = readonly LayerParameters<T>[];

function parametersOf(
  layer: Layer,
  index: number,
  rule: Rule,
  outputs: number,
  isOutput: boolean,
): ParameterInfo[] {
  const { spec, kernelShape, biasShape } = layer;
  const feedbackShape = rule.hasFeedback
    ? rule.route.feedbackShape(layer, outputs, isOutput)
    : undefined;
  const feedbackLearns = rule.feedbackGradient !== undefined;
  const named = (info: Omit<ParameterInfo, "name" | "layer" | "changes">): ParameterInfo => ({
    name: `layers.${index}.${info.role}`,
    layer: index,
    changes: info.learns || (info.role === "feedback" && rule.mirror !== undefined),
    ...info,
  });
  const infos = [
    named({
      role: "kernel",
      shape: kernelShape,
      learns: true,
      decays: true,
      initializer: spec.kernelInitializer ?? "lecunNormal",
    }),
  ];
  if (biasShape !== undefined) {
    infos.push(
      named({
        role: "bias",
        shape: biasShape,
        learns: true,
        decays: false,
        initializer: spec.biasInitializer ?? "zeros",
      }),
    );
  }
  if (feedbackShape !== undefined) {
    const initializer = spec.feedbackInitializer ?? "lecunNormal";
    infos.push(
      named({
        role: "feedback",
        shape: feedbackShape,
        learns: feedbackLearns,
        decays: feedbackLearns,
        initializer,
        connections: spec.feedbackConnections,
      }),
    );
  }
  return infos;
}

/** A spec may come from a file or from JavaScript, where no type has seen it. */
function checkInputShape(shape: unknown): void {
  const isExtent = (extent: unknown) => Number.isInteger(extent) && (extent as number) > 0;
  if (!Array.isArray(shape) || shape.length === 0 || !shape.every(isExtent)) {
    throw new BioflaxError(
      `Network: expected an inputShape of positive whole numbers, such as [784], received ${JSON.stringify(shape)}.`,
    );
  }
}

/** Runs what is done for one layer, and puts its index before its errors. */
function forLayer<R>(index: number, run: () => R): R {
  try {
    return run();
  } catch (error) {
    if (error instanceof BioflaxError) error.message = `Layer ${index}: ${error.message}`;
    throw error;
  }
}

/**
 * Checks a spec and resolves its names.
 *
 * @throws BioflaxError when there is no layer, a name is unknown, the shapes do not fit, or a layer cannot learn by its
 *   rule; it says which layer.
 */
export function createNetwork(spec: NetworkSpec): Network {
  const rule = getRule(spec.rule);
  checkInputShape(spec.inputShape);
  if (spec.layers.length === 0)
    throw new BioflaxError("Network: expected at least one layer, received none.");
  let shape = spec.inputShape;
  const layers: Layer[] = [];
  const rules: Rule[] = [];
  for (const [index, layerSpec] of spec.layers.entries()) {
    forLayer(index, () => {
      const layer = createLayer(layerSpec, shape);
      const own = layerSpec.rule === undefined ? rule : getRule(layerSpec.rule);
      checkRule(own, layer);
      shape = layer.outputShape;
      layers.push(layer);
      rules.push(own);
    });
  }
  checkNeighbours(rules);
  const outputs = sizeOf(shape);
  const parameters = layers.flatMap((layer, index) =>
    parametersOf(layer, index, rules[index] as Rule, outputs, index === layers.length - 1),
  );
  const noise = layers.flatMap((layer, index) =>
    (rules[index]?.noise?.(layer) ?? []).map((own, i) => ({
      ...own,
      name: noiseName(`layers.${index}`, i),
      layer: index,
    })),
  );
  return { spec, layers, rules, parameters, noise, outputs };
}

/** The name of a layer's noise: its stream is told apart from others by it. */
export function noiseName(layer: string, index: number): string {
  return `${layer}.noise.${index}`;
}

/** The weights of a flat list, in the order of {@link Network.parameters}, grouped by layer. */
export function groupByLayer<T>(network: Network, values: readonly T[]): NetworkParameters<T> {
  const groups: { -readonly [R in ParameterRole]?: T }[] = network.layers.map(() => ({}));
  network.parameters.forEach(({ layer, role }, i) => {
    (groups[layer] as { [R in ParameterRole]?: T })[role] = values[i] as T;
  });
  return groups as NetworkParameters<T>;
}

/** The weights of a network as a flat list, in the order of {@link Network.parameters}. */
export function flatten<T>(network: Network, parameters: NetworkParameters<T>): T[] {
  return network.parameters.map(({ layer, role }) => parameters[layer]?.[role] as T);
}
