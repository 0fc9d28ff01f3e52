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
  symbolsOf,
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
  /** Whether targets are rows from 0 to 1 where the loss takes class numbers too, which targets are else. */
  readonly soft?: boolean | undefined;
  /** Whether examples are weighted. */
  readonly weighted?: boolean | undefined;
}

/** The same value however often it is asked for, drawn when it first is. */
function once<Value>(draw: () => Value): () => Value {
  let drawn: Value | undefined;
  return () => {
    drawn ??= draw();
    return drawn;
  };
}

/** A case with random weights and a fresh random batch for every step, drawn when asked for: of many cases some are tried. */
export function networkCase(options: NetworkCaseOptions): TrainingCase {
  const { name, spec, loss, optimizer, seed } = options;
  const shown = typeof loss === "string" ? loss : JSON.stringify(loss);
  const weights = once(() => initializeWeights(createNetwork(spec), seed));
  const batches = once(() => drawBatches(options));
  return {
    name: `${spec.rule}, ${shown}, ${optimizer.name} ${JSON.stringify(optimizer)}, ${name}`,
    spec,
    loss,
    optimizer,
    seed,
    get weights() {
      return weights();
    },
    get batches() {
      return batches();
    },
  };
}

function drawBatches(options: NetworkCaseOptions): PlainBatch[] {
  const { spec, loss, batch, steps, seed, soft, weighted } = options;
  const network = createNetwork(spec);
  const noise = noiseOf(network, seed, batch);
  const random = new Random(seed, "training-case");
  const rows = (n: number) =>
    Array.from({ length: batch }, () =>
      Array.from({ length: n }, () => Math.fround(random.normal())),
    );
  const symbols = symbolsOf(network);
  const inputs = (n: number) =>
    symbols === undefined
      ? rows(n)
      : Array.from({ length: batch }, () => Array.from({ length: n }, () => random.below(symbols)));
  const { targets } = getLoss(loss);
  // One output under a sigmoid tells 1 from 0.
  const numbers = network.outputs === 1 && targets.includes("probabilities") ? 2 : network.outputs;
  const drawn = (): Pick<PlainBatch, "labels" | "values"> => {
    if (!targets.includes("classes")) return { values: rows(network.outputs) };
    if (soft) return { values: softRows(rows(network.outputs), targets.includes("distributions")) };
    return {
      labels: Array.from({ length: batch }, () => random.below(numbers)),
    };
  };
  return Array.from({ length: steps }, (_, step) => ({
    input: inputs(sizeOf(spec.inputShape)),
    noise: noise(step),
    ...drawn(),
    ...(weighted && { weights: Array.from({ length: batch }, () => random.below(9) / 4) }),
  }));
}

/** Numbers from 0 to 1, some of them 0; of each row with the sum 1 where they are to be a distribution. */
function softRows(drawn: readonly number[][], isDistribution: boolean): number[][] {
  return drawn.map((row) => {
    const part = row.map((x) => Math.max(0, Math.tanh(x + 0.5)));
    const sum = part.reduce((a, b) => a + b, 0);
    if (!isDistribution) return part.map(Math.fround);
    return part.map((x) => Math.fround(sum === 0 ? 1 / part.length : x / sum));
  });
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
  readonly soft?: boolean;
  readonly weighted?: boolean;
  /** What else is special about it. */
  readonly more?: string;
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
  soft,
  weighted,
  more,
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
  const name = [
    sizes.join("-"),
    ...(soft ? ["soft targets"] : []),
    ...(weighted ? ["weighted examples"] : []),
    ...(more === undefined ? [] : [more]),
  ].join(", ");
  return networkCase({ name, spec, loss, optimizer, batch, steps, seed, soft, weighted });
}
