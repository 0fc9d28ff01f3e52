import { createNetwork } from "@bioflax/core";
import {
  opCases,
  plainTrain,
  referenceInterpreter,
  relativeError,
  tensor,
  trainingCases,
  trainingDefinition,
} from "@bioflax/core/testing";
import { describe, expect, test } from "@jest/globals";
import { compiledInterpreter } from "./compiled-interpreter";

// ONNX Runtime's own rewriting has mishandled square transposes before, so both settings must agree with the reference.
describe.each([compiledInterpreter(), compiledInterpreter({ graphOptimization: "disabled" })])(
  "$name",
  (interpreter) => {
    test.each(opCases.map((opCase) => [opCase.name, opCase] as const))(
      "%s",
      async (_name, { definition, inputs }) => {
        const expected = await referenceInterpreter.run(definition, inputs);
        const received = await interpreter.run(definition, inputs);
        expect(received).toHaveLength(expected.length);
        received.forEach((result, i) =>
          expect(relativeError(result, expected[i]!)).toBeLessThan(2e-6),
        );
      },
    );
  },
);

test.each(trainingCases({ steps: 8 }).map((given) => [given.name, given] as const))(
  "eight steps are the plain loops': %s",
  async (_name, given) => {
    const { definition, inputs } = trainingDefinition(given);
    const received = await compiledInterpreter().run(definition, inputs);
    const expected = plainTrain(given, given.weights, given.batches);
    const results = [
      ...expected.losses.map((loss) => tensor([loss], [])),
      ...createNetwork(given.spec).parameters.map(({ name, shape }) =>
        tensor(expected.weights[name]!.flat(), shape),
      ),
    ];
    expect(
      Math.max(...results.map((result, i) => relativeError(received[i]!, result))),
    ).toBeLessThan(2e-5);
  },
);
