import { CompiledNetwork } from "@bioflax/compiler";
import {
  type ActivationName,
  createNetwork,
  type DenseSpec,
  initializeWeights,
  type NetworkSpec,
  type RuleName,
} from "@bioflax/core";
import type { Dataset } from "@bioflax/datasets";

/** A network of dense layers under a rule, compiled to train on a data set by sgd. */
export function compiledNetwork(
  data: Dataset,
  given: {
    readonly rule: RuleName;
    /** Units from the input to the output. */
    readonly sizes: readonly number[];
    /** Of the hidden layers. */
    readonly activation: ActivationName;
    readonly learningRate: number;
    readonly batchSize: number;
    readonly threads: number;
  },
): Promise<CompiledNetwork> {
  const { rule, sizes, activation, learningRate, batchSize, threads } = given;
  const layers = sizes.slice(1).map(
    (units, i): DenseSpec => ({
      type: "dense",
      units,
      activation: i < sizes.length - 2 ? activation : "identity",
    }),
  );
  const spec: NetworkSpec = { inputShape: sizes.slice(0, 1), rule, layers };
  return CompiledNetwork.create({
    spec,
    weights: initializeWeights(createNetwork(spec), 0),
    loss: "softmaxCrossEntropy",
    optimizer: { name: "sgd", learningRate },
    layout: data,
    batchSize,
    threads,
  });
}
