import { createNetwork, initializeWeights, type RuleName, rules } from "@bioflax/core";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { bioNetwork, networkParameters, readWeights, tfOps, writeWeights } from "../src/index";
import "./backends";
import { expectClose, matrix } from "./matrices";

beforeAll(() => tf.setBackend("wasm"));

describe("networks", () => {
  test.each(rules.names() as RuleName[])(
    "%s: bioNetwork starts with core's weights, and exchanges them by name",
    async (mode) => {
      const options = {
        mode,
        hiddenLayers: [5, 4],
        activations: ["tanh", "relu"],
        units: 3,
        inputShape: [6],
        seed: 11,
      } as const;
      const model = bioNetwork({ ...options, kernelInitializer: "glorotUniform" });
      const network = createNetwork({
        inputShape: [6],
        rule: mode,
        layers: [
          [5, "tanh"],
          [4, "relu"],
          [3, "identity"],
        ].map(([units, activation]) => ({
          type: "dense",
          units: units as number,
          activation: activation as "tanh",
          kernelInitializer: "glorotUniform",
        })),
      });
      const weights = initializeWeights(network, 11);
      expect(await readWeights(model)).toEqual(weights);
      const other = initializeWeights(network, 12);
      writeWeights(model, other);
      expect(await readWeights(model)).toEqual(other);
      const kernel = networkParameters(model, network)[1]!.kernel!;
      expectClose(kernel, matrix(tf.tensor2d(other["layers.1.kernel"]!, [5, 4])));
      expect(tfOps.shape(kernel)).toEqual([5, 4]);
    },
  );

  test("without biases, with one activation for all, and with no hidden layer", () => {
    const model = bioNetwork({
      mode: "dfa",
      hiddenLayers: [4, 3],
      activations: "sigmoid",
      units: 2,
      inputShape: [5],
      useBias: false,
      outputActivation: "softmax",
    });
    expect(model.layers.map((layer) => layer.getConfig().activation)).toEqual([
      "sigmoid",
      "sigmoid",
      "softmax",
    ]);
    expect(model.trainableWeights).toHaveLength(3);
    expect(
      bioNetwork({ mode: "dfa", hiddenLayers: [], units: 2, inputShape: [5] }).weights,
    ).toHaveLength(2);
  });
});
