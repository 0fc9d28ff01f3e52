import {
  getLoss,
  type LossName,
  losses,
  type Rule,
  type RuleName,
  rules,
  targetKinds,
} from "@bioflax/core";
import { describe, expect, test } from "@jest/globals";
import type { ConfigInput } from "../config/schema";
import { imageSets } from "../config/targets";
import { ConfigError, validateConfig } from "./resolve";

/** The problems of settings; none when they are right. */
function problemsOf(settings: ConfigInput): readonly string[] {
  try {
    validateConfig(settings);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

const small: ConfigInput = { hiddenLayers: [4], activations: ["tanh"] };

describe("rules by layer", () => {
  test("are as many as layers, the output counted", () => {
    expect(problemsOf({ layerModes: ["dfa", "dfa", "bp"] })).toEqual([]);
    expect(problemsOf({ hiddenLayers: [], activations: [], layerModes: ["bp"] })).toEqual([]);
    expect(problemsOf({ layerModes: ["dfa", "bp"] })).toEqual([
      "hiddenLayers and config: layerModes: expected one rule for each hidden layer and one for the output, " +
        "received 2 (500, 500) layers and 2 (dfa, bp) rules. Give one rule more than hidden layers",
    ]);
    expect(problemsOf({ layerModes: [] })[0]).toContain("and 0 (none) rules");
  });

  test("are each a rule", () => {
    expect(problemsOf({ layerModes: ["dfa", "xx", "bp"] as RuleName[] })).toEqual([
      `config: layerModes[1]: expected one of ${rules.names().join(", ")}, received "xx"`,
    ]);
  });

  test("go together", () => {
    expect(problemsOf({ layerModes: ["fa", "dfa", "bp"] })).toEqual([
      expect.stringMatching(
        /^config: layerModes: Layer 0: the rule "fa" takes its error from the layer above, .* layer 1, has the rule "dfa"/,
      ),
    ]);
  });
});

describe("losses", () => {
  const datasets = {
    mnist: "classes",
    sinreg: "values",
    teacher: "values",
    moons: "probabilities",
    discs: "probabilities",
  } as const;
  const cases = Object.entries(datasets).flatMap(([dataset, kind]) =>
    (losses.names() as LossName[]).map(
      (loss) =>
        [dataset as keyof typeof datasets, loss, getLoss(loss).targets.includes(kind)] as const,
    ),
  );

  test.each(cases)("%s, %s: %j", (dataset, loss, fits) => {
    const problems = problemsOf({ dataset, loss });
    if (fits) expect(problems).toEqual([]);
    else
      expect(problems).toEqual([
        expect.stringMatching(
          `config: loss and config: dataset: expected a loss of ${targetKinds[datasets[dataset]].title}, .* received ${loss}, a loss of`,
        ),
      ]);
  });

  test("that are right are named", () => {
    expect(problemsOf({ loss: "meanSquaredError" })[0]).toContain(
      "Use softmaxCrossEntropy or sigmoidCrossEntropy, or another data set",
    );
  });

  test("go together with the rules, be they of one layer", () => {
    for (const loss of ["softmaxCrossEntropy", "sigmoidCrossEntropy"] as const)
      expect(problemsOf({ mode: "drtp", loss })).toEqual([]);
    expect(problemsOf({ ...small, dataset: "teacher", mode: "drtp" })).toEqual([
      expect.stringMatching(/^config: mode and loss: The rule "drtp" .* "meanSquaredError"/),
    ]);
    expect(problemsOf({ ...small, dataset: "teacher", layerModes: ["drtp", "bp"] })).toEqual([
      expect.stringMatching(/^config: layerModes and loss: The rule "drtp"/),
    ]);
  });
});

describe("smoothed labels", () => {
  test("go with losses of labels", () => {
    for (const loss of ["softmaxCrossEntropy", "sigmoidCrossEntropy"] as const)
      expect(problemsOf({ loss, labelSmoothing: 0.1 })).toEqual([]);
    expect(problemsOf({ dataset: "teacher", labelSmoothing: 0 })).toEqual([]);
    expect(problemsOf({ dataset: "teacher", labelSmoothing: 0.1 })).toEqual([
      "config: labelSmoothing: expected none with the loss meanSquaredError, whose targets are values and no labels, received 0.1",
    ]);
  });

  test("are less than the whole target", () => {
    expect(problemsOf({ labelSmoothing: 1 })).toEqual([
      "config: labelSmoothing: expected a number from 0 up to, but not including, 1, received 1",
    ]);
  });
});

describe("schedules", () => {
  test.each<ConfigInput>([
    { warmupEpochs: 0.5 },
    { schedule: "multi-step", milestones: [2, 4] },
    { schedule: "multi-step", milestones: [2, 40], gamma: 0.5, warmupEpochs: 1.5 },
    { schedule: "cosine" },
    { schedule: "cosine", finalRate: 0.02, lr: 0.02, warmupEpochs: 4 },
    { schedule: "cosine", finalRate: 0, lr: 0 },
    { schedule: "exponential", gamma: 0.9 },
  ])("%j", (settings) => {
    expect(problemsOf(settings)).toEqual([]);
  });

  test.each<[ConfigInput, string]>([
    [
      { milestones: [2] },
      "milestones: expected none with the schedule constant, received 2. Leave it out, or use the schedule multi-step",
    ],
    [
      { schedule: "cosine", gamma: 0.5 },
      "gamma: expected none with the schedule cosine, received 0.5. Leave it out, or use the schedule multi-step or exponential",
    ],
    [
      { schedule: "exponential", gamma: 0.5, finalRate: 0.1 },
      "finalRate: expected none with the schedule exponential, received 0.1. Leave it out, or use the schedule cosine",
    ],
    ...[{}, { milestones: [] }].map((given): [ConfigInput, string] => [
      { schedule: "multi-step", ...given },
      "milestones: expected the epochs after which the learning rate is multiplied, with the schedule multi-step, received none",
    ]),
    [
      { schedule: "exponential" },
      "gamma: expected what the learning rate is multiplied by after each epoch, with the schedule exponential, received none",
    ],
    [{ epochs: 3, warmupEpochs: 3 }, "warmupEpochs: expected fewer than all 3 epochs, received 3"],
    [
      { schedule: "multi-step", milestones: [1, 3], warmupEpochs: 1 },
      "milestones: expected epochs after the warm-up of 1, each later than the one before, received 1 3",
    ],
    [
      { schedule: "multi-step", milestones: [3, 3] },
      "milestones: expected epochs after the warm-up of 0, each later than the one before, received 3 3",
    ],
    [
      { schedule: "cosine", lr: 0.1, finalRate: 0.2 },
      "finalRate: expected a rate up to the learning rate of 0.1, from which cosine falls, received 0.2",
    ],
    [{ gamma: 0 }, "gamma: expected a number above 0, received 0"],
    [
      { schedule: "multiStep" as "multi-step" },
      'schedule: expected one of constant, multi-step, cosine, exponential, received "multiStep". Did you mean "multi-step"?',
    ],
  ])("%j", (settings, problem) => {
    // A setting that is missing has no place.
    const [key] = problem.split(":") as [string];
    expect(problemsOf(settings)).toEqual([`${key in settings ? "config: " : ""}${problem}`]);
  });
});

describe("augmentation", () => {
  test.each(imageSets())("is for %s", (dataset) => {
    expect(problemsOf({ dataset, augment: true })).toEqual([]);
  });

  test.each(["sinreg", "teacher", "spirals", "blobs"] as const)("is not for %s", (dataset) => {
    expect(problemsOf({ dataset, augment: true })).toEqual([
      `config: augment and config: dataset: expected a data set of images, which can be moved and mirrored, received ${dataset}. ` +
        `Leave it out, or use one of the data sets ${imageSets().join(", ")}`,
    ]);
    expect(problemsOf({ dataset, augment: false })).toEqual([]);
  });
});

test("symbols cannot be moved up a loss", () => {
  const ofText = { dataset: "text", dataDir: "a.txt", model: "transformer" } as const;
  expect(problemsOf({ ...ofText, adversarialEps: 0.1 })).toEqual([
    "config: adversarialEps and config: dataset: expected examples that can be moved a little, received text, whose examples are numbers of symbols, " +
      "between which there is nothing. Leave it out, or use another data set",
  ]);
  expect(problemsOf(ofText)).toEqual([]);
});

test("an option of one architecture is none of another", () => {
  expect(problemsOf({ dataset: "cifar-10", model: "mobilenetV2", widthMultiplier: 0.5 })).toEqual(
    [],
  );
  expect(problemsOf({ widthMultiplier: 0.5 })).toEqual([
    "config: widthMultiplier: expected none with the model mlp, which has no such option, received 0.5. " +
      "Leave it out, or use the model mobilenetV2",
  ]);
});

test("how often the alignment is measured takes that it is", () => {
  expect(problemsOf({ alignEvery: 10 })).toEqual([]);
  expect(problemsOf({ alignEvery: 10, computeAlignments: false })).toEqual([
    "config: alignEvery and config: computeAlignments: expected the alignment to be measured where it is said how often, " +
      "received 10 and false. Leave one of them out",
  ]);
});

describe("settings for feedback", () => {
  const all = [...rules] as (Rule & { name: RuleName })[];

  test.each(all.map((rule) => [rule.name, rule] as const))(
    "feedbackConnections and %s",
    (mode, { hasFeedback, feedbackGradient, mirror }) => {
      const problems = problemsOf({ mode, feedbackConnections: 3 });
      const expected = !hasFeedback
        ? [
            expect.stringMatching(
              `^config: feedbackConnections: expected none where no layer's rule has feedback weights, received 3 with ${mode}\\. Leave it out, or use one of the rules fa, `,
            ),
          ]
        : feedbackGradient !== undefined || mirror !== undefined
          ? [expect.stringMatching(/^config: mode: Layer 0: .*its own learn/)]
          : [];
      expect(problems).toEqual(expected);
    },
  );

  test("feedbackConnections are for the layers that have feedback, when one has", () => {
    expect(problemsOf({ layerModes: ["dfa", "bp", "bp"], feedbackConnections: 3 })).toEqual([]);
    expect(problemsOf({ layerModes: ["bp", "usf", "bp"], feedbackConnections: 3 })[0]).toContain(
      "received 3 with bp, usf",
    );
  });

  const mirroring = {
    mirrorSteps: 2,
    mirrorBatch: 8,
    mirrorRate: 0.1,
    mirrorDecay: 0,
    mirrorNoise: 0.5,
  };

  test.each(all.map(({ name, mirror }) => [name, mirror !== undefined] as const))(
    "mirroring and %s: %j",
    (mode, mirrors) => {
      expect(problemsOf({ mode, ...mirroring })).toEqual(
        mirrors
          ? []
          : Object.entries(mirroring).map(
              ([key, value]) =>
                `config: ${key}: expected none where no layer's rule mirrors the kernel, received ${value} with ${mode}. ` +
                "Leave it out, or use one of the rules wm",
            ),
      );
    },
  );

  test("mirroring is for the layers that mirror, when one does", () => {
    expect(problemsOf({ layerModes: ["fa", "wm", "bp"], mirrorRate: 0.1 })).toEqual([]);
  });

  test.each<[ConfigInput, string]>([
    [{ mirrorSteps: -1 }, "mirrorSteps: expected a whole number from 0, received -1"],
    [{ mirrorBatch: 0 }, "mirrorBatch: expected a whole number from 1, received 0"],
    [{ mirrorRate: 0 }, "mirrorRate: expected a number above 0, received 0"],
    [{ mirrorDecay: 2 }, "mirrorDecay: expected a number from 0 to 1, received 2"],
    [{ mirrorNoise: -1 }, "mirrorNoise: expected a number above 0, received -1"],
    [{ clipNorm: 0 }, "clipNorm: expected a number above 0, received 0"],
    [{ feedbackConnections: 0 }, "feedbackConnections: expected a whole number from 1, received 0"],
  ])("%j", (settings, problem) => {
    expect(problemsOf({ mode: "wm", ...settings })).toEqual([`config: ${problem}`]);
  });

  test("magnitudes of 0 are refused where signs need some", () => {
    expect(problemsOf({ mode: "usf", scaleB: 0 })).toEqual([
      expect.stringMatching(/^config: mode: Layer 0: the rule "usf" .* that is 0/),
    ]);
    expect(problemsOf({ mode: "fa", scaleB: 0 })).toEqual([]);
  });
});

test("every problem is told at once", () => {
  const problems = problemsOf({
    mode: "bp",
    optimizer: "adam",
    momentum: 0.5,
    loss: "meanSquaredError",
    mirrorRate: 0.1,
    feedbackConnections: 3,
  });
  expect(problems.map((problem) => problem.split(": expected")[0])).toEqual([
    "config: momentum",
    "config: loss and dataset",
    "config: feedbackConnections",
    "config: mirrorRate",
  ]);
});
