import { BioflaxError, checkOptionNames, type OptionNames } from "@bioflax/core";
import type { Dataset, DownloadProgress, Split } from "@bioflax/datasets";
import type { Evaluation } from "../engines/engine";
import { datasetOf } from "../experiment/data";
import { dataFor } from "../experiment/network";
import { checkFinite } from "./check-finite";
import { classOf } from "./classes";
import { openRun } from "./open-run";
import { type EngineOptions, startEngine } from "./start-engine";

/** A part of a data set. */
export type SplitName = "test" | "validation" | "train";

/** How a run is evaluated. */
export interface EvaluateOptions extends EngineOptions {
  /** `final`, `best`, `last` or `initial`, or the path of a .safetensors file; `final` when left out. */
  readonly weights?: string | undefined;
  /** `test` when left out. */
  readonly split?: SplitName | undefined;
  /** Told when data is downloaded. */
  readonly onDownload?: ((progress: DownloadProgress) => void) | undefined;
}

const optionNames: OptionNames<EvaluateOptions> = {
  weights: true,
  split: true,
  onDownload: true,
  engine: true,
  device: true,
  threads: true,
};

/** How well one class is told from the others. */
export interface ClassResult {
  readonly label: number;
  /** What the class is called, where it is called something. */
  readonly name?: string;
  /** How many examples of it there are. */
  readonly examples: number;
  /** The share of them classified right; missing where there are none. */
  readonly accuracy?: number;
}

/** What an evaluation finds. */
export interface RunEvaluation extends Evaluation {
  readonly folder: string;
  /** The file the weights are from. */
  readonly weights: string;
  readonly split: SplitName;
  readonly examples: number;
  readonly engine: string;
  readonly device: string;
  readonly threads: number;
  /** By label; missing where the targets are values. */
  readonly classes?: readonly ClassResult[];
  /** How many examples of each class, a row each, are taken for each class, a column each. */
  readonly confusion?: readonly (readonly number[])[];
}

/**
 * Evaluates the network of a run on the run's own data.
 *
 * On the engine, device and number of threads of the run, the numbers are those of its summary to the bit.
 *
 * @param folder the run's.
 * @throws BioflaxError for a folder that is no run, weights, data or a device that are not there, a split the data set does not
 *   have, or weights under which the loss is not finite.
 * @example
 * const { accuracy, confusion } = await evaluateRun("runs/third", { weights: "best" });
 */
export async function evaluateRun(
  folder: string,
  options: EvaluateOptions = {},
): Promise<RunEvaluation> {
  checkOptionNames("evaluateRun", options, optionNames);
  const { weights, split: name = "test", onDownload, ...computing } = options;
  const trained = await openRun(folder, weights);
  const { config } = trained.run;
  const loaded = await datasetOf(config, { ...(onDownload && { onDownload }) });
  const dataset = dataFor(config, loaded);
  const split = dataset[name];
  if (split === undefined) {
    throw new BioflaxError(
      `--split ${name}: expected a part of ${dataset.name} the run has, but nothing was set aside for validation. Use test or train.`,
    );
  }
  const engine = await startEngine(trained, dataset, computing);
  try {
    const { name: engineName, device, threads } = engine;
    const about = { engine: engineName, device, threads };
    const evaluation = await engine.evaluate(split);
    checkFinite([evaluation.loss], `the ${name} loss`, trained.weightsFile);
    return {
      folder,
      weights: trained.weightsFile,
      split: name,
      examples: split.indices.length,
      ...about,
      ...evaluation,
      ...(dataset.task === "classification" &&
        byClass(dataset, split, await engine.predict(split, split.indices))),
    };
  } finally {
    await engine.dispose();
  }
}

/** How the examples of each class are classified. */
function byClass(
  { outputs, classNames }: Dataset,
  { examples: { targets }, indices }: Split,
  predicted: Float32Array,
): Pick<RunEvaluation, "classes" | "confusion"> {
  const confusion = Array.from({ length: outputs }, () => new Array<number>(outputs).fill(0));
  indices.forEach((row, place) => {
    const label = classOf(predicted.subarray(place * outputs, (place + 1) * outputs));
    const counts = confusion[targets[row] as number] as number[];
    counts[label] = (counts[label] as number) + 1;
  });
  const classes = confusion.map((counts, label): ClassResult => {
    const examples = counts.reduce((total, count) => total + count, 0);
    const called = classNames?.[label];
    return {
      label,
      ...(called !== undefined && { name: called }),
      examples,
      ...(examples > 0 && { accuracy: (counts[label] as number) / examples }),
    };
  });
  return { classes, confusion };
}
