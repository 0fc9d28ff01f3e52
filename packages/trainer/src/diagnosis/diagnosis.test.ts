import { join } from "node:path";
import {
  BioflaxError,
  createTrainable,
  initializeWeights,
  slotNames,
  type TrainingSnapshot,
} from "@bioflax/core";
import { wholeSplit } from "@bioflax/datasets";
import { tfOps } from "@bioflax/layers";
import { type EagerDevice, useDevice } from "@bioflax/layers/node";
import { readRecords } from "@bioflax/runs/node";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { metricsOf } from "../../test/interrupting";
import { scratchFolder } from "../../test/scratch";
import { enginesHere } from "../../test/xla-plugin";
import type { ConfigInput } from "../config/schema";
import { train } from "../run/train";
import { Examiner } from "./examine";
import { describeFinding } from "./finding";

const HUGE = 3e38;

const trainable = createTrainable({
  spec: {
    inputShape: [2],
    rule: "fa",
    layers: [
      { type: "dense", units: 3, activation: "relu" },
      { type: "dropout", rate: 0.5 },
      { type: "dense", units: 3, activation: "relu" },
      { type: "dense", units: 2 },
    ],
  },
  loss: "meanSquaredError",
  optimizer: { name: "sgd", learningRate: 10, momentum: 0.9 },
});
const { network, optimizer } = trainable;
const examples = {
  inputs: Float32Array.of(1, 2, 3, 4),
  targets: Float32Array.of(1, 0, 0, 1),
  count: 2,
};
const all = wholeSplit(examples);
const dataset = {
  name: "two",
  task: "regression",
  inputShape: [2],
  targetShape: [2],
  outputs: 2,
  train: all,
  test: all,
} as const;

/** A state in which all weights are positive, but for some that are given. */
function stateWith(given: Readonly<Record<string, number>>): TrainingSnapshot {
  const fill = (name: string, values: Float32Array) => values.map(() => given[name] ?? 0.1);
  const weights = initializeWeights(network, 0);
  const slots = network.parameters.flatMap((info) =>
    slotNames(info, optimizer).map((name) => [
      name,
      fill(
        name,
        weights[info.name]!.map(() => 0),
      ),
    ]),
  );
  return {
    weights: Object.fromEntries(
      Object.entries(weights).map(([name, values]) => [name, fill(name, values)]),
    ),
    slots: Object.fromEntries(slots),
    stepsTaken: 7,
  };
}

describe("what went wrong first in a step", () => {
  let device: EagerDevice;
  let examiner: Examiner;
  beforeAll(async () => {
    device = await useDevice("cpu");
    examiner = new Examiner(device, tfOps, { trainable, dataset, seed: 3 });
  });
  const calm = Object.fromEntries(
    network.parameters.flatMap((info) => slotNames(info, optimizer)).map((name) => [name, 0]),
  );

  test.each<[string, Record<string, number>, string | undefined]>([
    ["nothing", {}, undefined],
    [
      "a weight it started from: the step before is to blame",
      { "layers.2.kernel": Number.NaN },
      "in step 7 of the run in layers.2 (dense, 3 units, rule fa): its kernel became NaN.",
    ],
    [
      "an output",
      { "layers.2.kernel": HUGE },
      "in step 8 of the run in layers.2 (dense, 3 units, rule fa): its output became Infinity.",
    ],
    [
      "the loss of finite outputs",
      { "layers.3.bias": 1e20 },
      "in step 8 of the run with the loss, which became Infinity: layers.3 (dense, 2 units, rule fa) puts out numbers up to 1.0e+20.",
    ],
    [
      "an error signal, from the output down",
      { "layers.2.feedback": HUGE, "layers.3.feedback": HUGE, "layers.3.bias": 1e10 },
      "in layers.2 (dense, 3 units, rule fa): its error signal became Infinity.",
    ],
    [
      "a gradient",
      {
        "layers.2.kernel": 1e25,
        "layers.3.kernel": 0,
        "layers.3.feedback": 0,
        "layers.3.bias": 1e14,
      },
      "in step 8 of the run in layers.3 (dense, 2 units, rule fa): its gradient of the kernel became Infinity.",
    ],
    [
      "an update",
      { "layers.0.bias/momentum": -HUGE },
      "in step 8 of the run in layers.0 (dense, 3 units, rule fa): its bias became Infinity.",
    ],
  ])("%s", async (_name, given, expected) => {
    const before = device.tf.memory().numTensors;
    const finding = await examiner.step(stateWith({ ...calm, ...given }), examples, all.indices);
    const told = finding && describeFinding(network, finding);
    if (expected === undefined) expect(told).toBeUndefined();
    else expect(told).toContain(expected);
    expect(device.tf.memory().numTensors).toBe(before);
  });

  test("of an evaluation", async () => {
    const finding = await examiner.evaluation(stateWith({ "layers.0.kernel": HUGE }).weights, all);
    expect(describeFinding(network, finding!)).toBe(
      "It began in layers.0 (dense, 3 units, rule fa): its output became Infinity.",
    );
    expect(await examiner.evaluation(stateWith({}).weights, all)).toBeUndefined();
  });
});

describe("a run that diverges", () => {
  const scratch = scratchFolder();
  let runs = 0;
  const settings: ConfigInput = {
    dataset: "blobs",
    trainSetSize: 12,
    hiddenLayers: [8, 8],
    activations: ["relu", "relu"],
    threads: 1,
  };
  const outcome = async (config: ConfigInput) => {
    const out = join(scratch, String(runs++));
    const result = await train({ ...settings, ...config, out }).catch((error: Error) => error);
    return { out, result, message: result instanceof Error ? result.message : "" };
  };

  test.each<[string, ConfigInput, RegExp]>([
    [
      "compiled",
      { engine: "compiled", lr: 1e8 },
      /^Training diverged: the training loss is NaN at epoch 1, step \d+\. It began in step \d+ of the run in layers\.\d \(dense, \d+ units, rule fa\): its .* became -?(NaN|Infinity)\. Try a lower --lr/,
    ],
    [
      "eager",
      { engine: "eager", device: "cpu", lr: 1e8 },
      /^Training diverged: the training loss is NaN at epoch 1, step \d+\. It began in step \d+ of the run in layers\.\d \(dense, \d+ units, rule fa\): its .* became -?(NaN|Infinity)\./,
    ],
    [
      "compiled, after a checkpoint",
      // The rate rises with the epochs, so that the first are good.
      {
        engine: "compiled",
        dataset: "sinreg",
        lr: 1e-4,
        schedule: "exponential",
        gamma: 1e6,
        epochs: 6,
        checkpointSeconds: 1e-3,
      },
      /at epoch [2-6], step \d+\. It began in step \d+ of the run .*layers\..* \S+last\.safetensors is (in|after) epoch \d.*, before that\. Try/,
    ],
  ])(
    "says the step and the layer, and what is left to go back to: %s",
    async (_name, config, message) => {
      const { result, message: told } = await outcome(config);
      expect(result).toBeInstanceOf(BioflaxError);
      expect(told).toMatch(message);
    },
  );

  test("at a rate times which a constant of the graph has no room in float32 says so too", async () => {
    const { message } = await outcome({ engine: "compiled", lr: 1e30 });
    expect(message).toMatch(
      /^Training diverged: the training loss is NaN at epoch 1, step 2\. It began/,
    );
  });

  test("names the same step and layer whichever way its calls were cut", async () => {
    const config = {
      engine: "compiled",
      dataset: "sinreg",
      lr: 1e-4,
      schedule: "exponential",
      gamma: 1e6,
      epochs: 6,
    } as const;
    const place = ({ message }: { message: string }) =>
      /diverged: .* became \S+/.exec(message)?.[0];
    const whole = await outcome({ ...config, checkpointEvery: 0 });
    const cut = await outcome({ ...config, checkpointSeconds: 1e-9 });
    expect(place(whole)).toBeDefined();
    expect(place(cut)).toBe(place(whole));
  });

  test("goes on with --on-nan continue, and has null for what is no number", async () => {
    const { out, result } = await outcome({ lr: 1e8, onNan: "continue", epochs: 2 });
    expect(result).toMatchObject({ summary: { status: "done", epochs: 2 } });
    const [first] = metricsOf(out).split("\n");
    expect(JSON.parse(first!)).toMatchObject({
      epoch: 1,
      train: { loss: null },
      test: { loss: null },
    });
    const { length } = await readRecords(join(out, "metrics.jsonl"), {
      epochs: 0,
      metricsBytes: 0,
    });
    expect(length).toBe(0);
  });

  test.each(enginesHere)("%s: outputs that are no numbers are right of nothing", async (engine) => {
    const config = { engine, lr: 1e30, onNan: "continue", epochs: 1 } as const;
    for (const dataset of ["blobs", "moons"] as const) {
      const { out } = await outcome({ ...config, dataset });
      const [first] = metricsOf(out).split("\n");
      expect(JSON.parse(first!)).toMatchObject({ test: { loss: null, accuracy: 0 } });
    }
  });
});
