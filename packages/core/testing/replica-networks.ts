import {
  createNetwork,
  initializeWeights,
  type NetworkSpec,
  type OptimizerSpec,
  Random,
  type RuleName,
  type TrainingSpec,
  type Weights,
} from "@bioflax/core";

const EXAMPLES = 200;
/** Examples in a batch of theirs. */
const BATCH = 16;
const random = new Random(0, "replica-networks");
/** What they are trained on. */
const source = {
  inputs: Float32Array.from({ length: EXAMPLES * 8 }, () => random.normal()),
  targets: Int32Array.from({ length: EXAMPLES }, () => random.below(4)),
  count: EXAMPLES,
};
/** How its examples are laid out. */
const layout = { inputShape: [8], targetShape: [] };

interface Replica extends TrainingSpec {
  readonly weights: Weights;
  readonly seed: number;
}

/** A network of a seed, which differs from those of others in all that may differ. */
function replica(seed: number, rule: RuleName = "kp", wrong = false): Replica {
  const spec: NetworkSpec = {
    inputShape: [8],
    rule,
    layers: [
      { type: "dense", units: 20, activation: "tanh" },
      { type: "dropout", rate: 0.2 },
      { type: "dense", units: 4 },
    ],
  };
  const optimizer: OptimizerSpec = {
    name: "sgd",
    learningRate: 0.02 * (seed + 1),
    momentum: 0.5 + 0.05 * seed,
    weightDecay: 0.001 * seed,
    schedule: { name: "cosine", steps: 400 },
  };
  const weights = initializeWeights(createNetwork(spec), seed);
  if (wrong) (weights["layers.0.kernel"] as Float32Array)[0] = Number.NaN;
  return { spec, loss: "softmaxCrossEntropy", optimizer, weights, seed };
}

/** Rows of some batches of one network, and of a smaller one after them. */
const rowsOf = (seed: number, steps: number, rest: number) => {
  const order = new Random(seed, "rows");
  return Int32Array.from({ length: steps * BATCH + rest }, () => order.below(EXAMPLES));
};

/** Small networks that differ in all that replicas may differ in, and what they are trained on. */
export const replicaNetworks = { BATCH, layout, replica, rowsOf, source };
