import { type Dataset, wholeSplit } from "@bioflax/datasets";
import type { ReportedRun } from "@bioflax/report";
import { type ConfigInput, validateConfig } from "@bioflax/trainer";
import { recordOf, summaryOf } from "../../report/test/records";
import { reportedRun, type TestOutputs } from "../src/report/reported-run";

export { recordOf, summaryOf };

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

/** What may be other in a run of {@link runOf}. */
export interface RunChanges extends Partial<Pick<ReportedRun, "path" | "records" | "summary">> {
  readonly predicted?: TestOutputs;
}

/** A run of a small network on {@link pictures}, with three epochs. */
export function runOf(
  input: ConfigInput = {},
  { predicted = { dataset: pictures, outputs: outputsWith(2) }, ...changes }: RunChanges = {},
): ReportedRun {
  const config = validateConfig({ hiddenLayers: [3], activations: ["relu"], epochs: 3, ...input });
  const shift = config.seed / 10;
  const run = {
    path: `runs/${config.mode}-${config.seed}`,
    config,
    records: [1, 2, 3].map((epoch) => recordOf(epoch, shift)),
    summary: summaryOf(3),
    ...changes,
  };
  return reportedRun(run, predicted);
}
