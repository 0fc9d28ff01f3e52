import { type Rule, rules } from "@bioflax/core";
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import {
  bioDense,
  loss as bioflaxLoss,
  denseDFAOutput,
  denseKP,
  directFeedback,
} from "../src/index";
import { hidden, train } from "./direct-models";
import "./backends";

beforeAll(() => tf.setBackend("cpu"));

const as = <T>(value: unknown) => value as T;
describe("an error in training says what is wrong", () => {
  test("a loss that goes round the output layer", () => {
    const layers = [hidden("a", { inputShape: [3] }), denseDFAOutput({ units: 2, name: "o" })];
    tf.dispose(train(...layers).grads);
    const around = () =>
      tf.variableGrads(() => tf.sum(layers[0]!.apply(tf.ones([2, 3])) as tf.Tensor) as tf.Scalar);
    // The error of the pass before must not be taken for this one's.
    expect(around).toThrow('Layer "a": its output layer "o" had no part in this loss');
  });

  describe("a target that does not reach the layers that need it", () => {
    const layers = () => [
      bioDense({ rule: "drtp", units: 4, inputShape: [3], name: "t" }),
      denseDFAOutput({ units: 2, name: "o" }),
    ];
    const fit = async (
      loss: string | ReturnType<typeof bioflaxLoss>,
      more: tf.layers.Layer[] = [],
    ) => {
      const model = tf.sequential({ layers: [...layers(), ...more] });
      model.compile({ optimizer: "sgd", loss: as(loss) });
      await model.fit(tf.ones([2, 3]), tf.oneHot([0, 1], 2), { verbose: 0 });
    };
    const fix =
      'Compile the model with bioflax\'s loss("softmaxCrossEntropy") or loss("sigmoidCrossEntropy")';

    test("with a loss of TensorFlow.js's", async () => {
      await expect(fit("categoricalCrossentropy")).rejects.toThrow(
        `Layer "t": its rule needs the target, which only bioflax's losses pass on, and none was computed from what the output layer gives out. ${fix}, and let no layer but errorSource() follow the output layer.`,
      );
    });

    test("with one of bioflax's whose target says nothing", async () => {
      await expect(fit(bioflaxLoss("meanSquaredError"))).rejects.toThrow(
        `Layer "t": its rule needs the target's part of the error, and with the loss "meanSquaredError" the target says nothing of the error's sign. ${fix}, or choose another rule.`,
      );
    });

    test("with a layer after the output layer", async () => {
      await expect(
        fit(bioflaxLoss("softmaxCrossEntropy"), [tf.layers.activation({ activation: "relu" })]),
      ).rejects.toThrow("let no layer but errorSource() follow the output layer.");
    });
  });

  test("feedback that would learn from the output's error, where none comes", () => {
    const layer = denseKP({ units: 2, inputShape: [3], name: "kp-of-another" });
    const { feedbackGradient } = rules.get("kp");
    const model = tf.sequential({ layers: [layer] });
    Object.assign(rules.get("kp"), {
      feedbackGradient: (_ops: unknown, lesson: { outputError: tf.Tensor }) => lesson.outputError,
    });
    try {
      expect(() =>
        tf.variableGrads(() => tf.sum(model.apply(tf.ones([2, 3])) as tf.Tensor) as tf.Scalar),
      ).toThrow('Layer "kp-of-another": feedback weights of the rule "kp" learn from the output');
    } finally {
      Object.assign(rules.get("kp"), { feedbackGradient });
    }
  });

  const sum: Rule["mirror"] = (ops, { parameters }) =>
    ops.sum(parameters.feedback as never, [0], true);
  const sums: Rule["feedbackGradient"] = (ops, { context }) =>
    (sum as NonNullable<typeof sum>)(ops, context);

  test.each<[string, string, Partial<Rule>]>([
    ["feedbackGradient", "kp", { feedbackGradient: sums }],
    ["feedbackGradient", "dkp", { feedbackGradient: sums }],
    ["feedbackGradient", "kp", { feedbackGradient: (() => undefined) as never }],
    ["mirror", "wm", { mirror: sum }],
  ])("a %s of another shape under a rule like %s: %#", async (part, like, wrong) => {
    const rule: Rule = { ...(rules.get(like) as Rule), name: "own", ...wrong };
    try {
      const model = tf.sequential({
        layers: [
          bioDense({ rule, units: 4, inputShape: [3] }),
          like === "dkp"
            ? denseDFAOutput({ units: 2 })
            : bioDense({ rule, units: 2, useBias: false }),
        ],
      });
      model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
      const fit = model.fit(tf.ones([2, 3]), tf.ones([2, 2]), { verbose: 0 });
      await expect(fit).rejects.toThrow(
        `Rule "own": ${part}: expected it to return a tensor of the shape ${like === "wm" ? "[3, 4]" : "[4, 2]"}, received ${part === "mirror" || wrong.feedbackGradient === sums ? `one of [1, ${like === "wm" ? 4 : 2}]` : "undefined"}.`,
      );
    } finally {
      rules.remove("own");
    }
  });

  test("where errors arrive straight from the output", () => {
    const rule: Rule = { ...(rules.get("dkp") as Rule), name: "own", feedbackGradient: sums };
    try {
      const model = tf.sequential({
        layers: [
          bioDense({ rule, units: 4, inputShape: [3] }),
          directFeedback({ rule }),
          denseDFAOutput({ units: 2 }),
        ],
      });
      expect(() =>
        tf.variableGrads(() => tf.sum(model.apply(tf.ones([2, 3])) as tf.Tensor) as tf.Scalar),
      ).toThrow(
        'Rule "own": feedbackGradient: expected it to return a tensor of the shape [4, 2], received one of [1, 2].',
      );
    } finally {
      rules.remove("own");
    }
  });

  test("rows that are merged on the way to the output", () => {
    const layers = [
      hidden("a", { inputShape: [3, 5] }),
      tf.layers.flatten(),
      denseDFAOutput({ units: 2, name: "o" }),
    ];
    const model = tf.sequential({ layers });
    expect(() =>
      tf.variableGrads(() => tf.sum(model.apply(tf.ones([2, 3, 5])) as tf.Tensor) as tf.Scalar),
    ).toThrow(
      'Layer "a": it has 6 rows and its output layer "o" 2: between them rows may be neither merged nor split.',
    );
  });
});
