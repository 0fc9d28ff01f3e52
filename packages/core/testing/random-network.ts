import {
  type ActivationName,
  createNetwork,
  hasKernel,
  type KernelOptions,
  type LayerSpec,
  type LossName,
  type NetworkSpec,
  type OptimizerSpec,
  Random,
  type Rule,
  type RuleName,
  rules,
  type Shape,
} from "@bioflax/core";
import {
  conv2d,
  dense,
  initializers,
  layerNormalization,
  normalization,
} from "./convolution-networks";
import { networkCase, type TrainingCase } from "./training-case";
import { lossesFor } from "./training-cases";

/** A network as it grows, layer after layer. */
class Growing {
  readonly layers: LayerSpec[] = [];
  readonly inputShape: Shape;
  readonly #random: Random;

  constructor(inputShape: Shape, random: Random) {
    this.inputShape = inputShape;
    this.#random = random;
  }

  /** What the last layer puts out, which the next one is given. */
  shape(): Shape {
    const { layers } = this;
    if (layers.length === 0) return this.inputShape;
    const network = createNetwork({ inputShape: this.inputShape, layers, rule: "bp" });
    return network.layers.at(-1)?.outputShape as Shape;
  }

  /** {@link shape} of images. */
  image() {
    return this.shape() as readonly [height: number, width: number, channels: number];
  }

  /** {@link shape} of sequences. */
  sequence() {
    return this.shape() as readonly [steps: number, features: number];
  }

  add(...layers: readonly LayerSpec[]): void {
    this.layers.push(...layers);
  }

  one<T>(of: readonly T[]): T {
    return of[this.#random.below(of.length)] as T;
  }

  /** A whole number from 1 up to and including the largest. */
  upTo(largest: number): number {
    return 1 + this.#random.below(largest);
  }

  chance(probability: number): boolean {
    return this.#random.uniform() < probability;
  }
}

const activations: readonly ActivationName[] = ["identity", "relu", "tanh", "sigmoid", "gelu"];

/** The size, strides and padding of a window that fits into an image. */
function windowOptions(net: Growing) {
  const [height, width] = net.image();
  const padding = net.one(["same", "valid"] as const);
  const size = ([height, width] as const).map((extent) =>
    net.upTo(padding === "same" ? 4 : Math.min(extent, 4)),
  ) as [number, number];
  const strides: [number, number] = [net.upTo(3), net.upTo(3)];
  return { padding, size, strides };
}

function kernelOptions(net: Growing): Partial<KernelOptions> {
  return {
    activation: net.one(activations),
    useBias: net.chance(0.7),
    feedbackProjection: net.one(["dense", "broadcast"] as const),
    ...(net.chance(0.1) ? { clipNorm: 0.1 } : {}),
    ...(net.chance(0.1) ? { constrainNorm: true } : {}),
    mirroring: { batch: 2, rate: 0.1 },
  };
}

function convolution(net: Growing): void {
  const { padding, size, strides } = windowOptions(net);
  const [height, width] = net.image();
  const fits = (extent: number, taps: number) => padding === "same" || 2 * taps - 1 <= extent;
  const dilates = net.chance(0.25) && fits(height, size[0]) && fits(width, size[1]);
  const moved = dilates ? { dilationRate: 2 } : { strides };
  net.add(conv2d(net.upTo(4), size, { padding, ...moved, ...kernelOptions(net) }));
}

/** Each channel by itself. */
function depthwiseConvolution(net: Growing): void {
  const { padding, size: kernelSize, strides } = windowOptions(net);
  const [, , channels] = net.image();
  const depthMultiplier = channels > 3 ? 1 : net.upTo(2);
  net.add({
    ...{ type: "depthwiseConv2d", kernelSize, padding, strides, depthMultiplier },
    ...initializers,
    ...kernelOptions(net),
  });
}

/** To an image that is as large or larger. */
function transposedConvolution(net: Growing): void {
  const kernelSize: [number, number] = [net.upTo(3), net.upTo(3)];
  const strides = net.upTo(2);
  const padding = net.one(["same", "valid"] as const);
  net.add({
    ...{ type: "conv2dTranspose", filters: net.upTo(3), kernelSize, strides, padding },
    ...initializers,
    ...kernelOptions(net),
  });
}

function pooling(net: Growing): void {
  const { padding, size: poolSize, strides } = windowOptions(net);
  net.add({
    type: net.one(["maxPooling2d", "averagePooling2d"] as const),
    poolSize,
    strides,
    padding,
  });
}

function zeroPadding(net: Growing): void {
  const around = () => [net.upTo(3) - 1, net.upTo(3) - 1] as const;
  net.add({ type: "zeroPadding2d", padding: [around(), around()] });
}

/** An image's extents in another order, which mixes its elements. */
function reshaping(net: Growing): void {
  const [height, width, channels] = net.image();
  net.add({ type: "reshape", targetShape: [width, height, channels] });
}

/** Two ways, one of them as it is or projected, that meet again. */
function residual(net: Growing): void {
  const from = net.layers.length - 1;
  const [, , channels] = net.image();
  const projects = net.chance(0.5);
  const filters = projects ? net.upTo(4) : channels;
  const strides = projects ? net.upTo(2) : 1;
  net.add(conv2d(filters, net.upTo(3), { padding: "same", strides, ...kernelOptions(net) }));
  between(net);
  const way = net.layers.length - 1;
  if (projects) net.add(conv2d(filters, 1, { strides, inputs: [from], ...kernelOptions(net) }));
  net.add({ type: "add", inputs: [way, projects ? net.layers.length - 1 : from] });
}

/** What goes between layers of any kind. */
function between(net: Growing): void {
  if (net.chance(0.25)) net.add(normalization({ scale: net.chance(0.8) }));
  if (net.chance(0.15)) net.add(layerNormalization({ center: net.chance(0.8) }));
  if (net.chance(0.25)) net.add({ type: "activation", activation: net.one(activations) });
  if (net.chance(0.1)) net.add({ type: "leakyReLU", alpha: 0.2 });
  if (net.chance(0.1))
    net.add({ type: "prelu", alphaInitializer: { name: "uniform", scale: 0.5 } });
  if (net.chance(0.2)) net.add({ type: "dropout", rate: 0.3 });
}

const imageBlocks = [
  ...[convolution, convolution, depthwiseConvolution, transposedConvolution],
  ...[pooling, zeroPadding, reshaping, residual],
];
/** Those after which an image may be larger. */
const enlarging: readonly ((net: Growing) => void)[] = [zeroPadding, transposedConvolution];

/** From an image to the outputs. */
function imageHead(net: Growing): void {
  const outputs = net.upTo(3) + 1;
  if (net.chance(0.15)) {
    net.add(conv2d(outputs, 1, kernelOptions(net)), { type: "globalAveragePooling2d" });
    return;
  }
  net.add({
    type: net.one(["flatten", "globalMaxPooling2d", "globalAveragePooling2d"] as const),
  });
  denseHead(net, outputs);
}

/** From a vector to the outputs. */
function denseHead(net: Growing, outputs: number): void {
  if (net.chance(0.4)) {
    net.add(dense(net.upTo(5), kernelOptions(net)));
    between(net);
  }
  net.add(dense(outputs, { ...kernelOptions(net), activation: "identity" }));
}

/** A convolution of steps. */
function stepConvolution(net: Growing): void {
  const [steps] = net.sequence();
  const padding = net.one(["same", "valid"] as const);
  const kernelSize = net.upTo(padding === "same" ? 3 : Math.min(steps, 3));
  const strides = net.upTo(2);
  net.add({
    ...{ type: "conv1d", filters: net.upTo(4), kernelSize, strides, padding },
    ...initializers,
    ...kernelOptions(net),
  });
}

/** A layer at each step by itself. */
const eachStep = (net: Growing, filters: number): LayerSpec => ({
  ...{ type: "conv1d", filters, kernelSize: 1 },
  ...initializers,
  ...kernelOptions(net),
});

function positions(net: Growing): void {
  net.add({ type: "positionEmbedding", positionsInitializer: { name: "normal", stddev: 0.5 } });
}

/** Queries, keys and values, and what each step makes of those it looks at. */
function attention(net: Growing): void {
  const heads = net.upTo(2);
  net.add(eachStep(net, 3 * heads * net.upTo(2)));
  net.add({ type: "attention", heads, causal: net.chance(0.5) });
}

function cropping(net: Growing): void {
  const [steps] = net.sequence();
  const before = net.upTo(Math.min(steps, 3)) - 1;
  const after = net.upTo(Math.min(steps - before, 2)) - 1;
  net.add({ type: "cropping1d", cropping: [before, after] });
}

/** A layer with a state, which gives that of each step, or the last. */
function recurrent(net: Growing, returnSequences = true): void {
  net.add({
    ...{ type: net.one(["simpleRNN", "gru"] as const), units: net.upTo(4), returnSequences },
    ...initializers,
    ...kernelOptions(net),
  });
}

/** Two ways through steps that meet again, added or beside each other. */
function residualOfSteps(net: Growing): void {
  const from = net.layers.length - 1;
  const [, features] = net.sequence();
  const meets = net.one(["add", "concatenate"] as const);
  net.add(eachStep(net, meets === "add" ? features : net.upTo(3)));
  between(net);
  net.add({ type: meets, inputs: [net.layers.length - 1, from] });
}

const stepBlocks = [
  ...[stepConvolution, positions, attention, cropping],
  ...[(net: Growing) => recurrent(net), residualOfSteps],
];

/** From a sequence to the outputs. */
function stepHead(net: Growing): void {
  if (net.chance(0.4)) recurrent(net, false);
  else net.add({ type: "flatten" });
  denseHead(net, net.upTo(3) + 1);
}

// Those that take a derivative forward are left out: where several of a window's elements are its largest, as those of
// overlapping windows come to be, there are several.
const ruleNames = (rules.names() as RuleName[]).filter(
  (rule) => !rules.get(rule).needsOutputTangent,
);
const from = (...sources: readonly Rule["route"]["source"][]) =>
  ruleNames.filter((rule) => sources.includes(rules.get(rule).route.source));

/**
 * Rules of their own for all layers: up to one of them direct, from there on layer by layer, so that errors reach them
 * all.
 */
function withOwnRules(net: Growing): LayerSpec[] {
  const until = net.upTo(net.layers.length) - 1;
  return net.layers.map((layer, index) =>
    hasKernel(layer)
      ? { ...layer, rule: net.one(index < until ? from("output") : from("above")) }
      : layer,
  );
}

function randomImageNetwork(random: Random): Growing {
  const net = new Growing([1 + random.below(9), 1 + random.below(8), 1 + random.below(3)], random);
  for (let count = net.upTo(4); count > 0; count--) {
    const [height, width] = net.image();
    // Padding and padding again would make images large.
    const isLarge = height * width > 80;
    net.one(isLarge ? imageBlocks.filter((block) => !enlarging.includes(block)) : imageBlocks)(net);
    between(net);
  }
  imageHead(net);
  return net;
}

/** Numbers of symbols, or features at each step. */
function randomStepNetwork(random: Random): Growing {
  const steps = 1 + random.below(5);
  const hasSymbols = random.below(2) === 0;
  const net = new Growing(hasSymbols ? [steps] : [steps, 1 + random.below(4)], random);
  if (hasSymbols)
    net.add({
      ...{ type: "embedding", inputDim: 1 + net.upTo(4), outputDim: net.upTo(4) },
      ...initializers,
      ...kernelOptions(net),
    });
  for (let count = net.upTo(3); count > 0; count--) {
    net.one(stepBlocks)(net);
    between(net);
  }
  stepHead(net);
  return net;
}

/** The rules that all layers of a network may learn by. */
function rulesFor({ inputShape, layers }: Growing): RuleName[] {
  // Data of symbols cannot be modulated, and nobody has said how the steps of a state would learn from a second pass.
  const isPassedOnce = createNetwork({ inputShape, layers, rule: "bp" }).layers.some(
    (layer) => layer.hasKernel && (layer.recurrence ?? layer.symbols) !== undefined,
  );
  return isPassedOnce ? from("above", "output") : ruleNames;
}

/**
 * A valid network of all kinds of layers, in any order, with branches: of images of up to 9×8 pixels and odd sizes down
 * to 1×1, up to 4 channels, any strides and paddings; or, one in three, of sequences of up to 5 steps, of symbols or
 * features. One rule for all or one for each layer.
 *
 * @param random where all of it is drawn from.
 */
export function randomNetworkSpec(random: Random): NetworkSpec {
  const net = random.below(3) === 0 ? randomStepNetwork(random) : randomImageNetwork(random);
  const layers = net.chance(0.3) ? withOwnRules(net) : net.layers;
  return { inputShape: net.inputShape, layers, rule: net.one(rulesFor(net)) };
}

const optimizers: readonly OptimizerSpec[] = [
  { name: "sgd", learningRate: 0.05 },
  { name: "sgd", learningRate: 0.02, momentum: 0.9, weightDecay: 0.01 },
  { name: "adam", learningRate: 0.01, weightDecay: 0.001, epsilon: 1e-2 },
];

/**
 * A case of a {@link randomNetworkSpec}, with a loss its rules can learn from, batches of 1 to 3 examples, and 1 to 3
 * steps.
 */
export function randomNetworkCase(seed: number): TrainingCase {
  const random = new Random(seed, "random-network");
  const spec = randomNetworkSpec(random);
  const used = [
    spec.rule as RuleName,
    ...spec.layers.flatMap((layer) =>
      hasKernel(layer) ? ((layer.rule as RuleName | undefined) ?? []) : [],
    ),
  ];
  const losses = lossesFor(used);
  return networkCase({
    name: `random network ${seed}`,
    spec,
    loss: losses[random.below(losses.length)] as LossName,
    optimizer: optimizers[random.below(optimizers.length)] as OptimizerSpec,
    batch: 1 + random.below(3),
    steps: 1 + random.below(3),
    seed,
  });
}
