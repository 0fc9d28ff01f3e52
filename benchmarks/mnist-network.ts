import { CompiledNetwork, type NetworkSetup } from "@bioflax/compiler";
import {
  type ActivationName,
  createNetwork,
  type DenseSpec,
  initializeWeights,
  type NetworkSpec,
  type RuleName,
} from "@bioflax/core";
import type { Dataset } from "@bioflax/datasets";

/** A network of dense layers under a rule. */
interface GivenNetwork {
  readonly rule: RuleName;
  /** Units from the input to the output. */
  readonly sizes: readonly number[];
  /** Of the hidden layers. */
  readonly activation: ActivationName;
  readonly learningRate: number;
  readonly batchSize: number;
}

/** What a network is made from that learns a data set by sgd. */
export function networkSetup(data: Dataset, given: GivenNetwork): NetworkSetup {
  const { rule, sizes, activation, learningRate, batchSize } = given;
  const layers = sizes.slice(1).map(
    (units, i): DenseSpec => ({
      type: "dense",
      units,
      activation: i < sizes.length - 2 ? activation : "identity",
    }),
  );
  const spec: NetworkSpec = { inputShape: sizes.slice(0, 1), rule, layers };
  return {
    spec,
    weights: initializeWeights(createNetwork(spec), 0),
    loss: "softmaxCrossEntropy",
    optimizer: { name: "sgd", learningRate },
    layout: data,
    batchSize,
  };
}

/** Such a network, compiled. */
export const compiledNetwork = (
  data: Dataset,
  { threads, ...given }: GivenNetwork & { readonly threads: number },
): Promise<CompiledNetwork> => CompiledNetwork.create({ ...networkSetup(data, given), threads });
