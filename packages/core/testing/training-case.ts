import {
  type ActivationName,
  createNetwork,
  getLoss,
  initializeWeights,
  type KernelOptions,
  type LossSpec,
  type NetworkSpec,
  type OptimizerSpec,
  Random,
  type RuleName,
  sizeOf,
  type TrainingSpec,
  type Weights,
} from "@bioflax/core";
import { noiseOf } from "./noise";
import type { PlainBatch } from "./plain-setup";

/** A small network with data to train it on: everything an engine needs, and the plain reference too. */
export interface TrainingCase {
  readonly name: string;
  readonly spec: NetworkSpec;
  readonly loss: LossSpec;
  readonly optimizer: OptimizerSpec;
  /** Seed of the weights and the noise. */
  readonly seed: number;
  readonly weights: Weights;
  readonly batches: readonly PlainBatch[];
}

/** What a case of any network is drawn from. */
export interface NetworkCaseOptions extends TrainingSpec {
  /** What is special about it. */
  readonly name: string;
  readonly batch: number;
  readonly steps: number;
  readonly seed: number;
}

/** A case with random weights and a fresh random batch for every step. */
export function networkCase(options: NetworkCaseOptions): TrainingCase {
  const { name, spec, loss, optimizer, batch, steps, seed } = options;
  const network = createNetwork(spec);
  const noise = noiseOf(network, seed, batch);
  const random = new Random(seed, "training-case");
  const rows = (n: number) =>
    Array.from({ length: batch }, () =>
      Array.from({ length: n }, () => Math.fround(random.normal())),
    );
  const shown = typeof loss === "string" ? loss : JSON.stringify(loss);
  return {
    name: `${spec.rule}, ${shown}, ${optimizer.name} ${JSON.stringify(optimizer)}, ${name}`,
    spec,
    loss,
    optimizer,
    seed,
    weights: initializeWeights(network, seed),
    batches: Array.from({ length: steps }, (_, step) => ({
      input: rows(sizeOf(spec.inputShape)),
      noise: noise(step),
      ...(getLoss(loss).targets === "labels"
        ? { labels: Array.from({ length: batch }, () => random.below(network.outputs)) }
        : { values: rows(network.outputs) }),
    })),
  };
}

/** What a case of dense layers is drawn from. */
export interface TrainingCaseOptions {
  readonly rule: RuleName;
  readonly loss: LossSpec;
  readonly optimizer: OptimizerSpec;
  /** Sizes from the input to the output. */
  readonly sizes?: readonly number[];
  /** Activation of each layer; the last is the output's. */
  readonly activations?: readonly ActivationName[];
  readonly useBias?: boolean;
  /** Other settings of every layer. */
  readonly layer?: Partial<KernelOptions>;
  /** A rule of its own for each layer. */
  readonly layerRules?: readonly RuleName[];
  readonly batch?: number;
  readonly steps?: number;
  readonly seed?: number;
}

/** A case of dense layers, one after the other. */
export function trainingCase({
  rule,
  loss,
  optimizer,
  sizes = [5, 7, 6, 4],
  activations: names = ["tanh", "relu", "identity"],
  useBias = true,
  layer = {},
  layerRules,
  batch = 3,
  steps = 1,
  seed = 0,
}: TrainingCaseOptions): TrainingCase {
  const [inputs, ...units] = sizes as [number, ...number[]];
  const spec: NetworkSpec = {
    inputShape: [inputs],
    rule,
    layers: units.map((n, l) => ({
      type: "dense",
      units: n,
      activation: names[l] ?? "identity",
      useBias,
      biasInitializer: { name: "uniform", scale: 0.3 },
      ...layer,
      ...(layerRules === undefined ? {} : { rule: layerRules[l] as RuleName }),
    })),
  };
  return networkCase({ name: sizes.join("-"), spec, loss, optimizer, batch, steps, seed });
}
