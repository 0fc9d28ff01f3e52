import { type Dataset, wholeSplit } from "@bioflax/datasets";
import { type ConfigInput, type EpochRecord, type Summary, validateConfig } from "@bioflax/trainer";
import type { ReportedRun } from "../../report/src/reported-run";

/** An epoch with every kind of measurement, of a network with one hidden layer. */
export const recordOf = (epoch: number, shift = 0): EpochRecord => ({
  epoch,
  train: { loss: 2 / epoch + shift },
  val: { loss: 1 / epoch + shift, accuracy: 0.9 + shift / 100 },
  test: { loss: 1 / epoch + shift, accuracy: 0.8 + shift / 100 },
  alignment: {
    gradient: 0.5,
    gradientAngle: 60 + shift,
    "layers.0.gradientAngle": 70,
    "layers.1.gradientAngle": 0,
    gradientNormRatio: 1,
    signal: 0,
    signalAngle: 90,
    "layers.0.signalAngle": 80,
    "layers.1.weightsAngle": 85,
    weightsAngle: 85,
    "inputFeedback.weightsAngle": 90,
  },
  timing: { trainSeconds: 1, evaluateSeconds: 1, examplesPerSecond: 1 },
});

/** How a run of these epochs ended. */
export const summaryOf = (epochs: number): Summary => ({
  status: "done",
  epochs,
  timing: { trainSeconds: 1, totalSeconds: 2 },
  throughput: { examplesPerSecond: 1 },
  engine: "compiled",
  device: "cpu",
  threads: 3,
  versions: { fake: "1.2.3" },
});

/** 30 pictures of one bright pixel each, of the ten classes in turn. */
export const pictures: Dataset = (() => {
  const split = wholeSplit({
    inputs: Uint8Array.from({ length: 30 * 784 }, (_, i) => (i % 785 === 0 ? 255 : 0)),
    targets: Int32Array.from({ length: 30 }, (_, i) => i % 10),
    count: 30,
  });
  return {
    name: "mnist",
    task: "classification",
    inputShape: [784],
    imageShape: [28, 28, 1],
    targetShape: [],
    outputs: 10,
    train: split,
    test: split,
  };
})();

/** Outputs for {@link pictures} that are right but for the first `wrong` rows, which are taken for 9. */
export function outputsWith(wrong: number): Float32Array {
  const outputs = new Float32Array(300);
  for (let row = 0; row < 30; row++) outputs[row * 10 + (row < wrong ? 9 : row % 10)] = 1;
  return outputs;
}

/** A run of a small network on {@link pictures}, with three epochs. */
export function runOf(input: ConfigInput = {}, changes: Partial<ReportedRun> = {}): ReportedRun {
  const config = validateConfig({ hiddenLayers: [3], activations: ["relu"], epochs: 3, ...input });
  const shift = config.seed / 10;
  return {
    path: `runs/${config.mode}-${config.seed}`,
    config,
    records: [1, 2, 3].map((epoch) => recordOf(epoch, shift)),
    summary: summaryOf(3),
    predictions: { dataset: pictures, outputs: outputsWith(2) },
    ...changes,
  };
}
