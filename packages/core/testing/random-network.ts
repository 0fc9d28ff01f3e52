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
  type RuleName,
  rules,
  type Shape,
} from "@bioflax/core";
import { conv2d, dense, normalization } from "./convolution-networks";
import { networkCase, type TrainingCase } from "./training-case";
import { lossesFor } from "./training-cases";

/** A network as it grows, layer after layer. */
class Growing {
  readonly layers: LayerSpec[] = [];
  readonly #inputShape: Shape;
  readonly #random: Random;

  constructor(inputShape: Shape, random: Random) {
    this.#inputShape = inputShape;
    this.#random = random;
  }

  /** What the last layer puts out: the image that the next one is given. */
  image(): readonly [height: number, width: number, channels: number] {
    const { layers } = this;
    if (layers.length === 0) return this.#inputShape as [number, number, number];
    const network = createNetwork({ inputShape: this.#inputShape, layers, rule: "bp" });
    return network.layers.at(-1)?.outputShape as [number, number, number];
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
  if (net.chance(0.25)) net.add({ type: "activation", activation: net.one(activations) });
  if (net.chance(0.2)) net.add({ type: "dropout", rate: 0.3 });
}

const blocks = [convolution, convolution, pooling, zeroPadding, reshaping, residual];

/** From an image to the outputs. */
function head(net: Growing): void {
  const outputs = net.upTo(3) + 1;
  if (net.chance(0.15)) {
    net.add(conv2d(outputs, 1, kernelOptions(net)), { type: "globalAveragePooling2d" });
    return;
  }
  net.add({
    type: net.one(["flatten", "globalMaxPooling2d", "globalAveragePooling2d"] as const),
  });
  if (net.chance(0.4)) {
    net.add(dense(net.upTo(5), kernelOptions(net)));
    between(net);
  }
  net.add(dense(outputs, { ...kernelOptions(net), activation: "identity" }));
}

// Those that take a derivative forward are left out: where several of a window's elements are its largest, as those of
// overlapping windows come to be, there are several.
const ruleNames = (rules.names() as RuleName[]).filter(
  (rule) => !rules.get(rule).needsOutputTangent,
);
const sequentialRules = ruleNames.filter((rule) => rules.get(rule).route.source === "above");
const directRules = ruleNames.filter((rule) => rules.get(rule).route.source === "output");

/**
 * Rules of their own for all layers: up to one of them direct, from there on layer by layer, so that errors reach them
 * all.
 */
function withOwnRules(net: Growing): LayerSpec[] {
  const from = net.upTo(net.layers.length) - 1;
  return net.layers.map((layer, index) =>
    hasKernel(layer)
      ? { ...layer, rule: net.one(index < from ? directRules : sequentialRules) }
      : layer,
  );
}

/**
 * A valid network of convolutions and all other kinds of layers, in any order, with branches: images of up to 9×8
 * pixels and odd sizes down to 1×1, up to 4 channels, any strides and paddings, one rule for all or one for each layer.
 *
 * @param random where all of it is drawn from.
 */
export function randomNetworkSpec(random: Random): NetworkSpec {
  const inputShape = [1 + random.below(9), 1 + random.below(8), 1 + random.below(3)];
  const net = new Growing(inputShape, random);
  for (let count = net.upTo(4); count > 0; count--) {
    const [height, width] = net.image();
    // Padding and padding again would make images large.
    const possible = height * width > 80 ? blocks.filter((block) => block !== zeroPadding) : blocks;
    net.one(possible)(net);
    between(net);
  }
  head(net);
  const layers = net.chance(0.3) ? withOwnRules(net) : net.layers;
  return { inputShape, layers, rule: net.one(ruleNames) };
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
