import {
  carriesErrors,
  createNetwork,
  forward,
  groupByLayer,
  type NetworkSpec,
  outputOf,
  type Weights,
} from "@bioflax/core";
import { createProgram } from "../stablehlo/program";
import { stablehloOps } from "../stablehlo/stablehlo-ops";
import { checkBatch, checkWeights, type ExportedProgram, exported } from "./exported-program";

/** What an inference program is made from. */
export interface InferenceProgramSetup {
  readonly spec: NetworkSpec;
  /**
   * The trained weights, by name, which become constants; feedback weights may be among them, and are left out. Where
   * none are given, the program takes them as arguments.
   */
  readonly weights?: Weights | undefined;
  /** How many examples it takes at a time, a whole number; 1 when left out. */
  readonly batch?: number;
}

/**
 * A network's answer as a StableHLO program, for XLA, JAX, IREE or whatever else reads it.
 *
 * It takes `input`, float32 [batch, ...inputShape], just as the network sees it: images are [height, width, channels],
 * and normalised already; and after it, where none were given, the weights. It gives `output`, float32 [batch,
 * outputs], as the last layer gives it: before the loss's own softmax or sigmoid. Batch normalisation uses its moving
 * statistics, dropout does nothing.
 *
 * @throws BioflaxError for a spec core refuses, weights that do not fit it, or a batch that is no whole number from 1.
 * @example
 * const { text } = inferenceProgram({ spec, weights: await network.weights(), batch: 100 });
 * writeFileSync("model.mlir", text);
 */
export function inferenceProgram({
  spec,
  weights,
  batch = 1,
}: InferenceProgramSetup): ExportedProgram {
  checkBatch("inferenceProgram", batch);
  const network = createNetwork(spec);
  // Nothing of a forward pass reads feedback weights.
  const read = network.parameters.filter(({ role }) => !carriesErrors(role));
  if (weights !== undefined) checkWeights("inferenceProgram", read, weights);
  const program = createProgram("inference", (block, declare) => {
    const input = declare("input", [batch, ...spec.inputShape]);
    const parameters = network.parameters.map(({ name, shape, role }) => {
      // In place of what nothing reads.
      if (carriesErrors(role)) return input;
      return weights === undefined
        ? declare(name, shape)
        : block.constants(weights[name] as Float32Array, shape);
    });
    const tape = forward(stablehloOps(block), network, groupByLayer(network, parameters), input);
    return [outputOf(tape)];
  });
  return exported(program, ["output"]);
}
