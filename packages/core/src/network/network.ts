import { BioflaxError } from "../errors";
import type { InitializerSpec } from "../initializers/registry";
import type { Layer, LayerParameters, LayerSpec, ParameterRole } from "../layers/layer";
import { createLayer } from "../layers/registry";
import { sizeOf } from "../ops/shapes";
import type { Shape } from "../ops/tensor-ops";
import { getRule, type RuleName } from "../rules/registry";
import type { Rule } from "../rules/rule";

/** A network as plain JSON: what both engines, the run folder and Python exchange. */
export interface NetworkSpec {
  /** Shape of one example, without the batch. */
  readonly inputShape: Shape;
  /** The layers, from the input to the output. */
  readonly layers: readonly LayerSpec[];
  /** The learning rule. */
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
  /** Whether an optimizer updates it: kernels, biases, and feedback weights the rule teaches. */
  readonly learns: boolean;
  /** Whether weight decay applies to it: kernels and learned feedback, never biases or fixed feedback. */
  readonly decays: boolean;
  /** How it starts. */
  readonly initializer: InitializerSpec;
}

/** A checked spec, ready to be run by any interpreter. */
export interface Network {
  readonly spec: NetworkSpec;
  readonly rule: Rule;
  readonly layers: readonly Layer[];
  /** Every weight, layer by layer: kernel, bias, feedback. */
  readonly parameters: readonly ParameterInfo[];
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
  const named = (info: Omit<ParameterInfo, "name" | "layer">): ParameterInfo => ({
    name: `layers.${index}.${info.role}`,
    layer: index,
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

/**
 * Checks a spec and resolves its names.
 *
 * @throws BioflaxError when there is no layer, a name is unknown, or the shapes do not fit; it says which layer.
 */
export function createNetwork(spec: NetworkSpec): Network {
  const rule = getRule(spec.rule);
  checkInputShape(spec.inputShape);
  if (spec.layers.length === 0)
    throw new BioflaxError("Network: expected at least one layer, received none.");
  let shape = spec.inputShape;
  const layers = spec.layers.map((layerSpec, index) => {
    try {
      const layer = createLayer(layerSpec, shape);
      shape = layer.outputShape;
      return layer;
    } catch (error) {
      if (error instanceof BioflaxError) error.message = `Layer ${index}: ${error.message}`;
      throw error;
    }
  });
  const outputs = sizeOf(shape);
  const parameters = layers.flatMap((layer, index) =>
    parametersOf(layer, index, rule, outputs, index === layers.length - 1),
  );
  return { spec, rule, layers, parameters, outputs };
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
