import { createNetwork } from "@bioflax/core";
import {
  chosen,
  convolutionCases,
  type PlainBatch,
  plainEvaluation,
  plainTrain,
  plainWeights,
  recurrentCases,
  relativeError,
  type TrainingCase,
  tensor,
  transformerCases,
} from "@bioflax/core/testing";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { fromSpec, optimizer, readWeights } from "../src/index";
import { BACKENDS } from "./backends";
import { oneStep } from "./one-step";

// The operations of all cases run on every backend in conformance.test.ts. What models add is where layers stand and
// how they are linked, for which a part of the cases will do.
const cases = [convolutionCases(), recurrentCases(), transformerCases()].flatMap((all) =>
  chosen(all, 20),
);

/** A batch as tensors. */
function tensorsOf({ input, labels, values }: PlainBatch, { spec }: TrainingCase) {
  return [
    tf.tensor(input.flat(), [input.length, ...spec.inputShape]),
    values === undefined ? tf.tensor1d(labels!, "int32") : tf.tensor2d(values),
  ] as const;
}

describe.each(BACKENDS)("%s: a model does what the plain loops do", (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  test.each(cases.map((given) => [given.name, given] as const))("%s", async (_name, given) => {
    const { spec, batches } = given;
    const model = fromSpec(spec, given.weights, { seed: given.seed });
    const stepper = optimizer(given.optimizer);

    const [first] = batches as [PlainBatch];
    const evaluated = plainEvaluation(given, plainWeights(spec, given.weights), first).output;
    const predicted = model.predict(tensorsOf(first, given)[0]) as tf.Tensor;
    expect(
      relativeError(
        tensor(predicted.dataSync(), predicted.shape),
        tensor(evaluated.flat(), predicted.shape),
      ),
    ).toBeLessThan(2e-5);

    const expected = plainTrain(given, given.weights, batches);
    const received = batches.map((batch) => {
      const tensors = tensorsOf(batch, given);
      const value = oneStep(model, given, stepper, tensors);
      tf.dispose([...tensors]);
      return value;
    });
    const steps = [batches.length];
    expect(relativeError(tensor(received, steps), tensor(expected.losses, steps))).toBeLessThan(
      2e-5,
    );
    const weights = await readWeights(model);
    const network = createNetwork(spec);
    expect(Object.keys(weights).sort()).toEqual(network.parameters.map(({ name }) => name).sort());
    for (const { name, shape } of network.parameters) {
      // Normalisation by a few numbers magnifies what rounding leaves.
      const plain = tensor((expected.weights[name] as number[][]).flat(), shape);
      expect(relativeError(tensor(weights[name]!, shape), plain)).toBeLessThan(2e-5);
    }
    model.dispose();
    stepper.dispose();
  });
});
