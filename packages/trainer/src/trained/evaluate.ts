import { BioflaxError, checkOptionNames, getLoss, type OptionNames } from "@bioflax/core";
import {
  classCount,
  type Dataset,
  type DownloadProgress,
  type Split,
  takeTargets,
} from "@bioflax/datasets";
import type { Evaluation } from "@bioflax/metrics";
import { classOf } from "@bioflax/metrics";
import { evaluateSplit } from "../engines/evaluate-split";
import { datasetOf } from "../experiment/data";
import { dataFor } from "../experiment/network";
import { checkClasses } from "./check-classes";
import { checkFinite } from "./check-finite";
import { openRun } from "./open-run";
import type { SplitName } from "./split-name";
import { type EngineOptions, startEngine } from "./start-engine";

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

/** How well one label is told, of examples that may have several. */
export interface LabelResult {
  readonly label: number;
  /** What it is called, where it is called something. */
  readonly name?: string;
  /** How many examples have it. */
  readonly examples: number;
  /** The share of all examples for which it is told right whether they have it. */
  readonly accuracy: number;
  /** The share of the examples it is given to that have it; missing where it is given to none. */
  readonly precision?: number;
  /** The share of the examples that have it that it is given to; missing where none has it. */
  readonly recall?: number;
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
  /** By class; only where each example belongs to one. */
  readonly classes?: readonly ClassResult[];
  /** By label; only where examples may have several. */
  readonly labels?: readonly LabelResult[];
  /** How many examples of each class, a row each, are taken for each class, a column each. */
  readonly confusion?: readonly (readonly number[])[];
}

/**
 * Evaluates the network of a run on the run's own data.
 *
 * On the engine, device and number of threads of the run, the numbers are those of its summary to the bit.
 *
 * @param folder the run's.
 * @throws BioflaxError for a folder that is no run, weights, data or a device that are not there, data whose classes are
 *   others by now, a split the data set does not have, or weights under which the loss is not finite.
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
  checkClasses(folder, trained.data, dataset);
  const split = dataset[name];
  if (split === undefined) {
    throw new BioflaxError(
      `--split ${name}: expected a part of ${dataset.name} the run has, but nothing was set aside for validation. Use test or train.`,
    );
  }
  const engine = await startEngine(trained, dataset, computing);
  const { threshold } = getLoss(trained.loss);
  try {
    const { name: engineName, device, threads } = engine;
    const about = { engine: engineName, device, threads };
    const evaluation = await evaluateSplit(engine, dataset, split);
    checkFinite([evaluation.loss], `the ${name} loss`, trained.weightsFile);
    return {
      folder,
      weights: trained.weightsFile,
      split: name,
      examples: split.indices.length,
      ...about,
      ...evaluation,
      ...(dataset.task === "classification" &&
        byClass(dataset, split, await engine.predict(split, split.indices), threshold)),
      ...(dataset.task === "multi-label" && {
        labels: byLabel(dataset, split, await engine.predict(split, split.indices), threshold),
      }),
    };
  } finally {
    await engine.dispose();
  }
}

/** How the examples of each class are classified. */
function byClass(
  dataset: Dataset,
  { examples: { targets }, indices }: Split,
  predicted: Float32Array,
  threshold: number,
): Pick<RunEvaluation, "classes" | "confusion"> {
  const { outputs, classNames } = dataset;
  const count = classCount(dataset);
  const confusion = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  indices.forEach((row, place) => {
    const label = classOf(predicted.subarray(place * outputs, (place + 1) * outputs), threshold);
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

/** How each label is told, whatever the others. @param threshold the loss's, above which an output tells its label. */
export function byLabel(
  { outputs, classNames }: Dataset,
  { examples, indices }: Split,
  predicted: Float32Array,
  threshold: number,
): LabelResult[] {
  const targets = takeTargets(examples, indices);
  return Array.from({ length: outputs }, (_, label): LabelResult => {
    let [has, given, both] = [0, 0, 0];
    for (let at = label; at < targets.length; at += outputs) {
      const [isThere, isGiven] = [
        (targets[at] as number) > 0.5,
        (predicted[at] as number) > threshold,
      ];
      has += Number(isThere);
      given += Number(isGiven);
      both += Number(isThere && isGiven);
    }
    const wrong = has - both + (given - both);
    const called = classNames?.[label];
    return {
      label,
      ...(called !== undefined && { name: called }),
      examples: has,
      accuracy: 1 - wrong / indices.length,
      ...(given > 0 && { precision: both / given }),
      ...(has > 0 && { recall: both / has }),
    };
  });
}
