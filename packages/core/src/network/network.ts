import { BioflaxError } from "../errors";
import type { FeedbackStructure } from "../initializers/feedback-structure";
import type { InitializerSpec } from "../initializers/registry";
import {
  type Layer,
  type LayerParameters,
  type ParameterRole,
  receivingShape,
} from "../layers/layer";
import { createLayer } from "../layers/registry";
import type { LayerSpec } from "../layers/specs";
import { sameShape, sizeOf } from "../ops/shapes";
import type { Shape } from "../ops/tensor-ops";
import { checkOptionNames, type OptionNames } from "../option-names";
import type { NamedNoise } from "../random/noise";
import type { OpenName } from "../registry";
import { feedbackShapesOf, projectionGradientOf } from "../rules/error-projection";
import { getRule, type RuleName } from "../rules/registry";
import type { Rule } from "../rules/rule";
import { showValue } from "../show-value";
import {
  checkAlignments,
  checkOutputLayer,
  checkReached,
  checkRule,
  checkSecondPass,
} from "./check-rules";
import { forLayer } from "./for-layer";
import { type GivenNetwork, networkSpecOf } from "./given";
import { feedbackTargetsOf, outputLayerOf, reachedOf, type Wiring, wire } from "./wiring";

/** A network as plain JSON: what both engines, the run folder and Python exchange. */
export interface NetworkSpec {
  /** Shape of one example, without the batch. */
  readonly inputShape: Shape;
  /**
   * The layers, from the input to the output; each takes the output of the one before unless its `inputs` say
   * otherwise.
   */
  readonly layers: readonly LayerSpec[];
  /** The learning rule of every layer with a kernel that has none of its own. */
  readonly rule: OpenName<RuleName>;
}

const specNames: OptionNames<NetworkSpec> = { inputShape: true, layers: true, rule: true };

/** One weight tensor of a network. */
export interface ParameterInfo {
  /** `layers.<index>.<role>`: its name in files and in every engine. */
  readonly name: string;
  /** Index of its layer, from 0. */
  readonly layer: number;
  readonly role: ParameterRole;
  readonly shape: Shape;
  /** Whether an optimizer updates it: kernels, biases, γ, β, and feedback weights the rule has a gradient for. */
  readonly learns: boolean;
  /** Whether it changes from step to step, by an optimizer, by mirroring, or as a moving statistic. */
  readonly changes: boolean;
  /** Whether weight decay applies to it: kernels and learned feedback, never biases or fixed feedback. */
  readonly decays: boolean;
  /** How it starts. */
  readonly initializer: InitializerSpec;
  /** The shape that the initializer goes by, where that is not its own. */
  readonly fans?: Shape;
  /** What is made of the values drawn, where they are feedback weights. */
  readonly structure?: FeedbackStructure;
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
  /** The rule of each layer; undefined for those without a kernel. */
  readonly rules: readonly (Rule | undefined)[];
  /** How the layers hang together. */
  readonly wiring: Wiring;
  /**
   * The index of the layer whose error is the output's; undefined where branches meet after every layer with a kernel.
   */
  readonly outputLayer: number | undefined;
  /** Every weight, layer by layer. */
  readonly parameters: readonly ParameterInfo[];
  /** All noise a step needs, layer by layer: that of a layer's rule, then its own. */
  readonly noise: readonly NoiseInfo[];
  /** How many numbers one example's output has. */
  readonly outputs: number;
}

/** The weights of a network, layer by layer. */
export type NetworkParameters<T> = readonly LayerParameters<T>[];

/** The weights of one layer, those that carry errors under its rule last. */
function parametersOf(
  layer: Layer,
  index: number,
  isReached: boolean,
  rule: Rule | undefined,
  shapes: ReturnType<typeof feedbackShapesOf>,
): ParameterInfo[] {
  const name = (role: ParameterRole) => `layers.${index}.${role}`;
  const infos: ParameterInfo[] = layer.weights.map(({ learns, ...weight }) => ({
    ...weight,
    name: name(weight.role),
    layer: index,
    // A layer between others that hand no error down, such as a normalisation, stays as it is.
    learns: learns && isReached,
    changes: learns ? isReached : true,
  }));
  if (shapes.feedback === undefined || !layer.hasKernel) return infos;
  const learns = rule?.feedbackGradient !== undefined;
  const projection = rule?.errorProjection;
  const isProjectionLearnt = rule !== undefined && projectionGradientOf(rule, layer) !== undefined;
  return [
    ...infos,
    ...(projection === undefined || shapes.errorProjection === undefined
      ? []
      : [
          {
            role: "errorProjection" as const,
            name: name("errorProjection"),
            layer: index,
            shape: shapes.errorProjection,
            learns: isProjectionLearnt,
            changes: isProjectionLearnt,
            decays: false,
            initializer: projection.initializer,
          },
        ]),
    {
      role: "feedback",
      name: name("feedback"),
      layer: index,
      shape: shapes.feedback,
      learns,
      changes: learns || rule?.mirror !== undefined,
      decays: learns,
      initializer: layer.spec.feedbackInitializer ?? "lecunNormal",
      // Where they stand for the kernel, they start as it does.
      ...(sameShape(shapes.feedback, layer.kernelShape) && { fans: layer.fans }),
      structure: {
        // Of two factors, it is how many units are between them.
        rank: projection === undefined ? layer.spec.feedbackRank : undefined,
        connections: layer.spec.feedbackConnections,
        alignment: layer.spec.feedbackAlignment,
      },
    },
  ];
}

/** A spec may come from a file or from JavaScript, where no type has seen it. */
function checkInputShape(shape: unknown): void {
  const isExtent = (extent: unknown) => Number.isInteger(extent) && (extent as number) > 0;
  if (!Array.isArray(shape) || shape.length === 0 || !shape.every(isExtent)) {
    throw new BioflaxError(
      `Network: expected an inputShape of positive whole numbers, such as [784], received ${showValue(shape)}.`,
    );
  }
}

function checkLayers(layers: unknown): void {
  if (!Array.isArray(layers))
    throw new BioflaxError(`Network: expected a list of layers, received ${showValue(layers)}.`);
  if (layers.length === 0)
    throw new BioflaxError("Network: expected at least one layer, received none.");
}

/** Every layer of a spec with its rule, checked one by one. */
function createLayers(spec: NetworkSpec, { sources }: Wiring) {
  const rule = getRule(spec.rule);
  const layers: Layer[] = [];
  const rules: (Rule | undefined)[] = [];
  for (const [index, layerSpec] of spec.layers.entries()) {
    forLayer(index, () => {
      const inputs = (sources[index] as readonly number[]).map((source) =>
        source < 0 ? spec.inputShape : (layers[source] as Layer).outputShape,
      );
      const layer = createLayer(layerSpec, ...inputs);
      layers.push(layer);
      if (!layer.hasKernel) return rules.push(undefined);
      const below = (sources[index] as readonly number[]).find((source) => source >= 0);
      if (layer.symbols !== undefined && below !== undefined)
        throw new BioflaxError(
          `${layerSpec.type}: expected the network's input, numbers of symbols, received what layer ${below} puts out. Put it first.`,
        );
      const own = layer.spec.rule === undefined ? rule : getRule(layer.spec.rule);
      checkRule(own, layer);
      return rules.push(own);
    });
  }
  return { layers, rules };
}

/**
 * Checks a spec and resolves its names.
 *
 * @param given the spec, in which definitions may stand for names: they are added to their registries, and {@link
 *   Network.spec} is plain JSON.
 * @throws BioflaxError when there is no layer, a name is unknown, the shapes do not fit, layers do not hang together,
 *   or a layer cannot learn by its rule; it says which layer.
 */
export function createNetwork(given: GivenNetwork): Network {
  checkOptionNames("Network", given, specNames);
  const spec = networkSpecOf(given);
  getRule(spec.rule);
  checkInputShape(spec.inputShape);
  checkLayers(spec.layers);
  const wiring = wire(spec.layers);
  const { layers, rules } = createLayers(spec, wiring);
  const feedbackTargets = feedbackTargetsOf(layers, wiring, rules);
  const reached = reachedOf(rules, wiring, feedbackTargets);
  checkReached(layers, rules, wiring, reached);
  const outputLayer = outputLayerOf(layers, wiring);
  const outputs = sizeOf((layers.at(-1) as Layer).outputShape);
  checkOutputLayer(layers, rules, outputLayer);
  checkSecondPass(layers, rules);
  const targetOf = new Map<number, Shape | undefined>(
    [...feedbackTargets].map(([end, layer]) => [layer, receivingShape(layers[end] as Layer)]),
  );
  // The error of a second pass arrives at the data, and the first layer with a kernel has what brings it there.
  const first = layers.findIndex(({ hasKernel }) => hasKernel);
  if (rules[first]?.route.source === "input") targetOf.set(first, spec.inputShape);
  const parameters = layers.flatMap((layer, index) => {
    const rule = rules[index];
    const shapes =
      rule !== undefined && layer.hasKernel
        ? forLayer(index, () => feedbackShapesOf(rule, layer, outputs, targetOf.get(index)))
        : {};
    return parametersOf(layer, index, reached[index] as boolean, rule, shapes);
  });
  checkAlignments(layers, rules, parameters);
  return {
    spec,
    layers,
    rules,
    wiring,
    outputLayer,
    parameters,
    noise: layers.flatMap((layer, index) =>
      forLayer(index, () => noiseOf(layer, index, rules[index], targetOf.get(index))),
    ),
    outputs,
  };
}

/** The noise of one layer: its rule's, or its own. */
function noiseOf(
  layer: Layer,
  index: number,
  rule: Rule | undefined,
  feedbackTarget: Shape | undefined,
): NoiseInfo[] {
  const noise = layer.hasKernel ? rule?.noise?.(layer, feedbackTarget) : layer.noise;
  return (noise ?? []).map((own, i) => ({
    ...own,
    name: noiseName(layer.spec.name ?? `layers.${index}`, i),
    layer: index,
  }));
}

/** The name of a layer's noise: it is the key of the random stream. */
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
