import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import {
  createNetwork,
  getModel,
  hasKernel,
  type ModelName,
  models,
  type ParameterRole,
  type RuleName,
  rules,
  sizeOf,
} from "../index";

const mnist = [28, 28, 1];
const cifar = [32, 32, 3];
const networkOf = (name: ModelName, inputShape: readonly number[], rule: RuleName = "bp") =>
  createNetwork(getModel(name).create({ inputShape, outputs: 10, rule }));

describe("architectures", () => {
  // LeNet-5's, ResNet-20's and -56's and MobileNetV2's are counted in the literature, too (shortcuts by projection add 2,752 to He et
  // al.'s).
  test.each([
    ["lenet5", mnist, 61_706],
    ["lenet5", cifar, 62_006],
    ["vggSmall", cifar, 551_018],
    ["resnet20", cifar, 272_474],
    ["resnet56", cifar, 855_770],
    ["mobilenetV2", cifar, 2_236_682],
    ["mlp", mnist, 648_010],
    ["rnn", mnist, 6_602],
    ["gru", mnist, 18_506],
    ["transformer", mnist, 71_242],
  ] as const)("%s for images %j has %i weights that learn", (name, inputShape, expected) => {
    const { parameters } = networkOf(name, inputShape);
    const learning = parameters.filter(({ learns }) => learns);
    expect(learning.reduce((total, { shape }) => total + sizeOf(shape), 0)).toBe(expected);
    // Whose sizes are settings.
    if ("hiddenLayers" in getModel(name).options) return;
    const page = readFileSync(join(__dirname, "../../../../docs/networks.md"), "utf8");
    if (name !== "lenet5" || inputShape === mnist)
      expect(page).toContain(expected.toLocaleString("en"));
  });

  test.each(rules.names() as RuleName[])("all can learn by %s", (rule) => {
    const { route, needsOutputTangent } = rules.get(rule);
    const takes = ({ inputs }: { readonly inputs: string }) =>
      inputs !== "sequences" || (route.source !== "input" && !needsOutputTangent);
    for (const { name } of [...models].filter(takes)) {
      const { layers, parameters, rules: own, outputs } = networkOf(name as ModelName, cifar, rule);
      expect(outputs).toBe(10);
      expect(own.map((one) => one?.name)).toEqual(
        layers.map(({ hasKernel: has }) => (has ? rule : undefined)),
      );
      // No normalisation is left without an error, but where nothing goes backward.
      const isFree = (role: ParameterRole) => role === "feedback" || role === "errorProjection";
      const hasErrors = route.source !== "input";
      for (const { role, learns } of parameters.filter((own) => !isFree(own.role)))
        expect([role, learns]).toEqual([
          role,
          role === "kernel" || role === "bias" || (hasErrors && !role.startsWith("moving")),
        ]);
    }
  });

  test("tell every layer with a kernel what they are told", () => {
    for (const model of [...models]) {
      const { layers } = model.create({
        inputShape: cifar,
        outputs: 3,
        rule: "dfa",
        layer: { clipNorm: 2, feedbackProjection: "broadcast" },
      });
      for (const layer of layers.filter(hasKernel))
        expect(layer).toMatchObject({ clipNorm: 2, feedbackProjection: "broadcast" });
    }
  });

  test("of sequences embed symbols, and others refuse them", () => {
    const embedded = (name: ModelName, more: object = {}) =>
      getModel(name).create({
        ...{ inputShape: [6], symbols: 9, outputs: 9, rule: "dfa" },
        layer: { clipNorm: 2 },
        ...more,
      } as never);
    for (const [name, outputDim] of [
      ["rnn", 64],
      ["gru", 64],
      ["transformer", 64],
    ] as const) {
      const spec = embedded(name);
      expect(spec.layers[0]).toEqual({ type: "embedding", inputDim: 9, outputDim, clipNorm: 2 });
      expect(createNetwork(spec).outputs).toBe(9);
    }
    expect(embedded("gru", { hiddenLayers: [5, 7] }).layers[0]).toMatchObject({ outputDim: 5 });
    expect(() => embedded("transformer", { inputShape: [6, 2] })).toThrow(
      "transformer: expected numbers of symbols of the shape [steps], received [6, 2].",
    );
    expect(() => embedded("mlp")).toThrow(
      "mlp: expected examples whose numbers are to be computed with, received those of 9 symbols. Choose a model of sequences.",
    );
  });

  test("refuse what is no image, or too small, and unknown names", () => {
    expect(() => networkOf("lenet5", [784])).toThrow(
      "lenet5: expected images [height, width, channels] of at least 28×28, received [784]. Choose a data set of images, or the model mlp.",
    );
    expect(() => networkOf("resnet20", [7, 8, 3])).toThrow("resnet20: expected images");
    expect(() => networkOf("rnn", [784])).toThrow(
      "rnn: expected sequences [steps, features] or images, received [784]. Choose a data set of sequences or of images, or the model mlp.",
    );
    expect(() =>
      getModel("gru").create({
        inputShape: [4, 3],
        outputs: 2,
        rule: "bp",
        hiddenLayers: [],
      } as never),
    ).toThrow(
      'gru: expected "hiddenLayers" to have the units of at least one layer, received none.',
    );
    expect(() => getModel("lenet")).toThrow('Unknown model "lenet". Did you mean "lenet5"?');
  });
});
