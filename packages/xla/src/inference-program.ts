import {
  BioflaxError,
  createNetwork,
  forward,
  groupByLayer,
  type NetworkSpec,
  outputOf,
  showShape,
  sizeOf,
  type Weights,
} from "@bioflax/core";
import { createProgram } from "./stablehlo/program";
import { stablehloOps } from "./stablehlo/stablehlo-ops";

/** What an inference program is made from. */
export interface InferenceProgramSetup {
  readonly spec: NetworkSpec;
  /** The trained weights, by name; feedback weights may be among them, and are left out. */
  readonly weights: Weights;
  /** How many examples it takes at a time, a whole number; 1 when left out. */
  readonly batch?: number;
}

/**
 * A trained network as a StableHLO program, as text, for XLA, IREE or any other compiler that reads it.
 *
 * Its function `main` takes the input, float32 [batch, ...inputShape], just as the network sees it: images are
 * [height, width, channels], and normalised already. It gives the output, float32 [batch, outputs], as the last layer
 * gives it: before the loss's own softmax or sigmoid. The weights are constants in it. Batch normalisation uses its
 * moving statistics, dropout does nothing.
 *
 * @throws BioflaxError for a spec core refuses, weights that do not fit it, or a batch that is no whole number from 1.
 * @example
 * writeFileSync("model.mlir", inferenceProgram({ spec, weights: await network.weights(), batch: 100 }));
 */
export function inferenceProgram({ spec, weights, batch = 1 }: InferenceProgramSetup): string {
  if (!Number.isInteger(batch) || batch < 1)
    throw new BioflaxError(
      `inferenceProgram: expected batch to be a whole number from 1, received ${batch}.`,
    );
  const network = createNetwork(spec);
  // Nothing of a forward pass reads feedback weights.
  const read = network.parameters.filter(({ role }) => role !== "feedback");
  for (const { name, shape } of read)
    if (weights[name]?.length !== sizeOf(shape))
      throw new BioflaxError(
        `inferenceProgram: expected the weight "${name}" to hold ${showShape(shape)} = ${sizeOf(shape)} numbers, received ${weights[name]?.length ?? "none"}.`,
      );
  return createProgram("inference", (block, declare) => {
    const input = declare("input", [batch, ...spec.inputShape]);
    const parameters = network.parameters.map(({ name, shape, role }) =>
      // In place of what nothing reads.
      role === "feedback" ? input : block.constants(weights[name] as Float32Array, shape),
    );
    const ops = stablehloOps(block);
    return [outputOf(forward(ops, network, groupByLayer(network, parameters), input))];
  }).text;
}
