import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { losses, rules, schedules } from "@bioflax/core";
import { describe, expect, test } from "@jest/globals";
import { scratchFolder } from "../../test/scratch";
import { allSettings, camelCased } from "../config/settings";
import { readConfig } from "./read-config";
import { ConfigError, resolveConfig, validateConfig } from "./resolve";

const folder = scratchFolder();

/** The problems of an act that must fail for them. */
function problemsOf(act: () => unknown): readonly string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error("Nothing was wrong.");
}

test("defaults are those of bioflax's run_train.py", () => {
  expect(validateConfig({})).toEqual({
    dataset: "mnist",
    batchSize: 32,
    checkpointEvery: 1,
    checkpointSeconds: 60,
    onNan: "stop",
    trainSetSize: 50,
    testSetSize: 10,
    valSplit: 0.1,
    inDim: 1,
    seqLen: 1,
    outputFeatures: 10,
    classes: 3,
    teacherAct: "sigmoid",
    teacherLayers: [64, 32],
    teacherInputs: "uniform",
    mode: "fa",
    activations: ["relu", "relu"],
    hiddenLayers: [500, 500],
    epochs: 5,
    lr: 0.02,
    momentum: 0,
    nesterov: false,
    weightDecay: 0,
    optimizer: "sgd",
    initializer: "lecun",
    scaleW: 1,
    scaleB: 1,
    plot: false,
    computeAlignments: true,
    adversarialEps: 0,
    alignmentBatches: 5,
    seed: 0,
    // What bioflax does not have:
    sequenceLength: 10,
    delay: 3,
    tensorboard: true,
    mlflowExperiment: "bioflax",
    model: "mlp",
    dropout: 0,
    precision: "float32",
    engine: "compiled",
    device: "auto",
    shuffle: true,
    normalize: true,
    augment: false,
    outputActivation: "identity",
    constrainNorm: false,
    labelSmoothing: 0,
    schedule: "constant",
    warmupEpochs: 0,
  });
});

test("the modes are core's rules, the losses and schedules core's", () => {
  const choices = (name: string) => allSettings().find(({ key }) => key === name)?.choices;
  expect(choices("mode")).toEqual(rules.names());
  expect(choices("layerModes")).toEqual(rules.names());
  expect(choices("loss")).toEqual(losses.names());
  expect(choices("schedule")?.map(camelCased)).toEqual(schedules.names());
});

test("what was resolved resolves to itself", () => {
  const config = validateConfig({
    activations: ["linear", "leaky_relu"],
    outputActivation: "linear",
    mode: "kp",
    layerModes: ["dfa", "wm", "bp"],
    mirrorRate: 0.1,
    threads: 2,
  });
  expect(config.activations).toEqual(["identity", "leakyRelu"]);
  expect(validateConfig(config)).toEqual(config);
});

describe("names", () => {
  test.each(["batchSize", "batch-size", "batch_size"])("%s", (name) => {
    expect(validateConfig({ [name]: 7 }).batchSize).toBe(7);
  });

  test.each(["jaxSeed", "jax_seed", "jax-seed"])("%s is the seed", (name) => {
    expect(validateConfig({ [name]: 7 }).seed).toBe(7);
  });

  test.each(["constrainWeights", "constrain_weights"])("%s is constrainNorm", (name) => {
    expect(validateConfig({ [name]: true }).constrainNorm).toBe(true);
  });

  test("$schema is for editors", () => {
    expect(validateConfig({ $schema: "config.schema.json" })).toEqual(validateConfig({}));
  });
});

describe("what an error says", () => {
  test.each<[string, unknown, string]>([
    [
      "a fraction for a count",
      { batchSize: 0.5 },
      "config: batchSize: expected a whole number from 1, received 0.5",
    ],
    ["none", { epochs: 0 }, "config: epochs: expected a whole number from 1, received 0"],
    [
      "text for a number",
      { lr: "fast" },
      'config: lr: expected a number from 0 upwards, received "fast"',
    ],
    [
      "an infinite rate",
      { lr: Number.POSITIVE_INFINITY },
      "config: lr: expected a number from 0 upwards, received Infinity",
    ],
    ["no number", { lr: Number.NaN }, "config: lr: expected a number from 0 upwards, received NaN"],
    [
      "all for validation",
      { "val-split": 1 },
      "config: val-split: expected a number from 0 up to, but not including, 1, received 1",
    ],
    [
      "too much decay",
      { weightDecay: 1.5 },
      "config: weightDecay: expected a number from 0 to 1, received 1.5",
    ],
    [
      "a seed that is not whole",
      { seed: 1.5 },
      "config: seed: expected a whole number from 0, received 1.5",
    ],
    [
      "a seed beyond exact numbers",
      { seed: 2 ** 53 },
      "config: seed: expected a whole number from 0, received 9007199254740992",
    ],
    [
      "more than anyone means",
      { trainSetSize: 1e12 },
      "config: trainSetSize: expected a whole number from 1 to 1048576, received 1000000000000",
    ],
    [
      "data that no machine holds",
      { dataset: "blobs", trainSetSize: 1e6, batchSize: 1e6 },
      "config: trainSetSize, testSetSize and config: batchSize: expected data of at most 2147483648 numbers, received 2000020000000",
    ],
    [
      "a network that no machine holds",
      { hiddenLayers: [1e6, 1e6] },
      "config: hiddenLayers: expected layers of at most 2147483648 weights, received 1000000000000",
    ],
    [
      "a word that is none of the choices",
      { mode: "dfaa" },
      'config: mode: expected one of bp, fa, kp, wm, pfa, ldfa, usf, frsf, brsf, dfa, sdfa, dkp, fdfa, drtp, f3, pepita, received "dfaa"',
    ],
    ["text for a switch", { plot: "yes" }, 'config: plot: expected true or false, received "yes"'],
    [
      "one layer, not a list",
      { hiddenLayers: 100 },
      "config: hiddenLayers: expected a list of whole numbers from 1, received 100",
    ],
    [
      "a layer without units",
      { hiddenLayers: [100, 0] },
      "config: hiddenLayers[1]: expected a whole number from 1, received 0",
    ],
    ["null", { threads: null }, "config: threads: expected a whole number from 1, received null"],
    [
      "an activation",
      { teacherAct: "sigmoyd" },
      'config: teacherAct: Unknown activation "sigmoyd". Did you mean "sigmoid"?',
    ],
    [
      "looking ahead without momentum",
      { nesterov: true },
      "optimizer: nesterov: expected a momentum above 0 beside it, received 0.",
    ],
    [
      "looking ahead where sgd does not",
      { nesterov: true, momentum: 0.9, optimizer: "rmsprop" },
      "config: nesterov: expected none with the optimizer rmsprop, which has no such option, received true",
    ],
    [
      "momentum where there is none",
      { optimizer: "adam", momentum: 0.9 },
      "config: momentum: expected none with the optimizer adam, which has no such option, received 0.9",
    ],
    [
      "lists that do not fit",
      { hiddenLayers: [10], activations: ["relu", "tanh"] },
      "config: hiddenLayers and config: activations: expected one activation for each hidden layer, " +
        "received 1 (10) layers and 2 (relu, tanh) activations",
    ],
    [
      "a near miss",
      { weight_deacy: 0.1 },
      'config: unknown setting "weight_deacy". Did you mean "weightDecay"?',
    ],
    [
      "another program's name",
      { learning_rate: 0.1 },
      'config: unknown setting "learning_rate". Did you mean "lr"?',
    ],
    [
      "what acts on a terminal",
      { "\x1b[2J": 1 },
      String.raw`config: unknown setting "\u001b[2J". Known: dataset`,
    ],
    [
      "something else",
      { colour: "blue-green" },
      'config: unknown setting "colour". Known: dataset, batchSize',
    ],
    ["Object's own", { toString: 1, constructor: 2 }, 'config: unknown setting "toString"'],
    [
      "a setting twice",
      { batchSize: 1, batch_size: 2 },
      "config: batch_size: expected each setting once, received batchSize twice",
    ],
    [
      "what belongs on the command line",
      { quiet: true },
      "config: quiet: belongs on the command line only. Write --quiet there",
    ],
    ["a list", [1, 2], 'config: expected settings by name, such as "epochs: 5", received [1,2]'],
    ["nothing", null, 'config: expected settings by name, such as "epochs: 5", received null'],
  ])("%s", (_name, values, text) => {
    expect(problemsOf(() => validateConfig(values))[0]).toMatch(
      new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`),
    );
  });

  test("everything at once, from every place", () => {
    const file = { file: "a.yaml", values: { bach_size: 3, epochs: -1, lr: "x" } };
    const problems = problemsOf(() => resolveConfig(file, { values: { mode: "xx", lr: -1 } }));
    expect(problems).toEqual([
      'a.yaml: unknown setting "bach_size". Did you mean "batchSize"?',
      '--mode: expected one of bp, fa, kp, wm, pfa, ldfa, usf, frsf, brsf, dfa, sdfa, dkp, fdfa, drtp, f3, pepita, received "xx"',
      "a.yaml: epochs: expected a whole number from 1, received -1",
      "--lr: expected a number from 0 upwards, received -1",
    ]);
    expect(() => resolveConfig(file)).toThrow(/^3 problems:\n {2}a\.yaml: /);
  });

  test("of very many problems the first", () => {
    const values = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`colour ${i}`, i]));
    const [{ message }] = [problemsOf(() => resolveConfig({ file: "a.yaml", values }))].map(
      (problems) => new ConfigError(problems),
    ) as [ConfigError];
    expect(message).toMatch(/^1000 problems:\n/);
    expect(message.split("\n")).toHaveLength(22);
    expect(message).toMatch(/\n {2}and 980 more$/);
  });
});

describe("config files", () => {
  const write = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  test("YAML under the command line over the defaults", async () => {
    const source = await readConfig(
      write("a.yaml", "mode: dfa\nepochs: 7\nhidden_layers: [3]\nactivations: [tanh]\n"),
    );
    const config = resolveConfig(...source, { values: { epochs: 9 } });
    expect([config.mode, config.epochs, config.hiddenLayers, config.lr]).toEqual([
      "dfa",
      9,
      [3],
      0.02,
    ]);
  });

  test("JSON", async () => {
    const source = await readConfig(write("a.json", '{"val-split": 0.25}'));
    expect(resolveConfig(...source).valSplit).toBe(0.25);
  });

  test("of comments alone", async () => {
    expect(resolveConfig(...(await readConfig(write("empty.yaml", "# nothing\n"))))).toEqual(
      resolveConfig(),
    );
  });

  test("paths in it are relative to it", async () => {
    mkdirSync(join(folder, "sub"), { recursive: true });
    const config = resolveConfig(
      ...(await readConfig(write("sub/b.yaml", "init: w.safetensors\ndataDir: /data\n"))),
    );
    expect([config.init, config.dataDir]).toEqual([join(folder, "sub", "w.safetensors"), "/data"]);
  });

  test.each([
    ["missing.yaml", undefined, "there is no such file"],
    ["broken.yaml", "a: [1\nb: 2", "expected YAML, but"],
    ["twice.yaml", "lr: 1\nlr: 2\n", "Map keys must be unique"],
    ["broken.json", "{", "expected JSON, but"],
  ])("%s is refused by name", async (name, text, message) => {
    const path = text === undefined ? join(folder, name) : write(name, text);
    await expect(readConfig(path)).rejects.toThrow(ConfigError);
    await expect(readConfig(path)).rejects.toThrow(message);
    await expect(readConfig(path)).rejects.toThrow(name);
  });
});
