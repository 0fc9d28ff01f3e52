import type { EpochRecord, Summary } from "@bioflax/runs";

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
