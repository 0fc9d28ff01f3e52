import { BioflaxError } from "../errors";
import { zerosLike } from "../ops/constants";
import { showShape, sizeOf } from "../ops/shapes";
import type { TensorOps } from "../ops/tensor-ops";
import type { LayerDefinition } from "./definition";
import { kernelLayer } from "./kernel-layer";
import type { KernelLayer } from "./layer";
import { layerOptionNames } from "./option-names";
import { expectCount } from "./options";
import { stepMap } from "./recurrent-layer";
import type { EmbeddingSpec } from "./specs";

/**
 * An embedding: each number of a symbol becomes a vector, its row of the kernel, y_t = φ(1(x_t)·W + b), where 1(x) is the
 * one-hot row of x. To its rule it is a dense layer of such rows that is applied at every step, and ∂W = Σ 1(x_t)ᵀ·e_t.
 *
 * It takes the network's input: a symbol is chosen, not computed, and no error goes on from here.
 *
 * @param spec inputDim, how many symbols there are; outputDim, the numbers of a vector; activation and so on, with no
 *   bias when left out.
 * @param inputShape `[steps]`, whole numbers from 0 to below inputDim; kernel [inputDim, outputDim], bias [outputDim].
 * @throws BioflaxError for an inputDim or outputDim that is no positive whole number, an input that is no row of numbers,
 *   an unknown activation, or an option out of its range.
 */
export const embedding: LayerDefinition<EmbeddingSpec> = {
  name: "embedding",
  hasKernel: true,
  useBias: false,
  probe: [3],
  examples: [
    { inputDim: 4, outputDim: 2 },
    { inputDim: 5, outputDim: 3, activation: "tanh", useBias: true },
  ],
  optionNames: layerOptionNames.embedding,
  create(given, inputShape) {
    const spec = { ...given, useBias: given.useBias ?? false };
    const { inputDim, outputDim } = spec;
    expectCount("embedding", "inputDim", inputDim);
    expectCount("embedding", "outputDim", outputDim);
    if (inputShape.length !== 1)
      throw new BioflaxError(
        `embedding: expected an input of shape [steps], the number of a symbol each, received ${showShape(inputShape)}.`,
      );
    const [steps] = inputShape as [number];
    const dense = kernelLayer(spec, stepMap(inputDim, 0, outputDim));

    /** Numbers of symbols, [batch, steps], as one-hot rows, [batch, steps, inputDim]. */
    const rowsOf = <T>(ops: TensorOps<T>, input: T): T => {
      const shape = ops.shape(input);
      const rows = ops.oneHot(ops.reshape(input, [sizeOf(shape)]), inputDim);
      return ops.reshape(rows, [...shape, inputDim]);
    };
    const layer: KernelLayer = {
      ...dense,
      inputShape,
      outputShape: [steps, outputDim],
      symbols: inputDim,
      forward(ops, parameters, input) {
        return { ...dense.forward(ops, parameters, rowsOf(ops, input)), input };
      },
      response: (ops, kernel, input) => dense.response(ops, kernel, input),
      // Of a mirror's noise the rows are given, which lie as errors do.
      kernelGradient: (ops, input, error) =>
        dense.kernelGradient(
          ops,
          ops.shape(input).length < ops.shape(error).length ? rowsOf(ops, input) : input,
          error,
        ),
      gradients: (ops, { input }, error) =>
        dense.gradients(ops, { input: rowsOf(ops, input) }, error),
      backproject: (ops, _transport, error) => zerosLike(ops, ops.sum(error, [2])),
      refuses: (rule) =>
        rule.route.source === "input"
          ? "it adds the output's error to the data, and numbers of symbols are not to be added to"
          : undefined,
    };
    return layer;
  },
};
