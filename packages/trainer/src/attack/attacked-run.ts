import { basename, resolve } from "node:path";
import { BioflaxError, createNetwork, getLoss, sameShape, sizeOf } from "@bioflax/core";
import {
  type Dataset,
  type Examples,
  type Split,
  takeInputs,
  takeTargets,
} from "@bioflax/datasets";
import { getDataset } from "@bioflax/datasets/node";
import type { Config } from "../config/schema";
import type { Engine } from "../engines/engine";
import { dataFor } from "../experiment/network";
import { checkClasses } from "../trained/check-classes";
import { openRun } from "../trained/open-run";
import { type EngineOptions, startEngine } from "../trained/start-engine";
import type { AttackSettings } from "./settings";
import type { AttackTarget } from "./target";

/** A run whose network is attacked, or tried on examples that are made for another's. */
export interface AttackedRun {
  readonly folder: string;
  /** The folder's name. */
  readonly name: string;
  readonly dataset: Dataset;
  readonly split: Split;
  readonly engine: Engine;
  /** The output above which a single one tells class 1. */
  readonly threshold: number;
}

/**
 * Opens a run's network for an attack, on an engine.
 *
 * @param load the data set of a run's settings.
 * @throws BioflaxError for a folder that is no run, weights, data or a device that are not there, data whose classes are
 *   others by now, a network that tells no classes, or inputs that are codes of categories or numbers of symbols, which cannot be moved a little.
 */
export async function openAttacked(
  folder: string,
  { weights, split: part }: Pick<AttackSettings, "weights" | "split">,
  computing: EngineOptions,
  load: (config: Config) => Promise<Dataset>,
): Promise<AttackedRun> {
  const trained = await openRun(folder, weights);
  const { config } = trained.run;
  if (getDataset(config.dataset).oneHot)
    throw new BioflaxError(
      `${folder}: expected a network of quantities, of which an attack makes some a little more or less, received one of ${config.dataset}, whose inputs are ` +
        "one-hot codes: moved by any ε they are the code of nothing. Attack a network of images or of points.",
    );
  const dataset = dataFor(config, await load(config));
  const { inputShape } = createNetwork(trained.spec).spec;
  if (dataset.task !== "classification" || !sameShape(dataset.inputShape, inputShape))
    throw new BioflaxError(
      `${folder}: expected a network that tells one class of each example, which an attack makes it mistake for another, received one of ${dataset.name}.`,
    );
  if (dataset.symbols !== undefined)
    throw new BioflaxError(
      `${folder}: expected a network of examples that can be moved a little, received one of ${dataset.name}, whose examples are numbers of symbols, between ` +
        "which there is nothing.",
    );
  checkClasses(folder, trained.data, dataset);
  const split = dataset[part];
  if (split === undefined)
    throw new BioflaxError(
      `--split ${part}: expected a part of ${dataset.name} the run has, but nothing was set aside for validation. Use test or train.`,
    );
  const engine = await startEngine(trained, dataset, computing);
  const { threshold } = getLoss(trained.loss);
  const name = basename(resolve(folder));
  return { folder, name, dataset, split, engine, threshold };
}

/** Where the numbers of any example lie, before they are normalised; undefined where they are not bounded. */
function boundsOf({ imageShape, normalization, split }: Dataset & Pick<AttackedRun, "split">) {
  const { inputs } = split.examples;
  if (inputs instanceof Uint8Array) return [0, 255] as const;
  const white = 1 / (normalization?.scale ?? 1);
  const isImage = imageShape !== undefined && inputs.every((x) => x >= 0 && x <= white);
  return isImage ? ([0, white] as const) : undefined;
}

/** What ε is multiplied by to be in the unit of the examples before they are normalised. */
export const unitOf = ({ normalization }: Pick<Dataset, "normalization">): number =>
  1 / (normalization?.scale ?? 1);

/** Some examples of a run as what is attacked. @param rows of its split's examples. */
export function targetOf(run: AttackedRun, rows: Int32Array): AttackTarget {
  const { dataset, split, engine, threshold, folder } = run;
  const { examples } = split;
  const asked = (inputs: Float32Array, which: Int32Array): [Split, Int32Array] => {
    const indices = Int32Array.from(which, (_, i) => i);
    const given: Examples = { inputs, targets: takeTargets(examples, which), count: which.length };
    return [{ examples: given, indices }, indices];
  };
  return {
    originals: takeInputs(examples, rows),
    labels: takeTargets(examples, rows),
    size: sizeOf(dataset.inputShape),
    bounds: boundsOf({ ...dataset, split }),
    threshold,
    outputs: (x, which) =>
      engine.predict(
        ...asked(
          x,
          which.map((i) => rows[i] as number),
        ),
      ),
    gradients(x) {
      if (engine.inputGradients === undefined)
        throw new BioflaxError(
          `${folder}: expected an engine that tells the gradient at its input, received ${engine.name}.`,
        );
      return engine.inputGradients(...asked(x, rows));
    },
  };
}
