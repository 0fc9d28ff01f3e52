import { createNetwork, initializeWeights } from "@bioflax/core";
import { everyCase, plainTrain, randomNetworkCase } from "@bioflax/core/testing";
import { beforeAll, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { fromSpec, optimizer, readWeights, toNetwork } from "../src/index";
import { oneStep } from "./one-step";
import "./backends";

// Networks of all kinds of layers, as models.

beforeAll(() => tf.setBackend("cpu"));

const seeds = Array.from({ length: everyCase ? 400 : 60 }, (_, i) => i);

test.each(seeds)("model of random network %i learns as the plain loops do", async (seed) => {
  const given = randomNetworkCase(seed);
  const { spec } = given;
  const network = createNetwork(spec);
  const start = initializeWeights(network, seed);
  const model = fromSpec(spec, undefined, { seed });
  expect(await readWeights(model)).toEqual(start);
  const shapes = ({ parameters }: typeof network) => parameters.map((own) => [own.name, own.shape]);
  expect(shapes(toNetwork(model))).toEqual(shapes(network));
  const stepper = optimizer(given.optimizer);
  const losses = given.batches.map(({ input, labels, values }) => {
    const x = tf.tensor(input.flat(), [input.length, ...spec.inputShape]);
    const y = labels ? tf.tensor1d([...labels], "int32") : tf.tensor2d(values as number[][]);
    const loss = oneStep(model, given, stepper, [x, y]);
    tf.dispose([x, y]);
    return loss;
  });
  const expected = plainTrain(given, start, given.batches);
  losses.forEach((loss, step) => expect(loss).toBeCloseTo(expected.losses[step]!, 4));
  for (const [name, values] of Object.entries(await readWeights(model)))
    expected.weights[name]!.flat(Infinity).forEach((value, i) =>
      expect(values[i]).toBeCloseTo(value as number, 3),
    );
  model.dispose();
});
