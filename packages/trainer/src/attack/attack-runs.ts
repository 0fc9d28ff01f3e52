import { BioflaxError } from "@bioflax/core";
import { type Dataset, takeInputs } from "@bioflax/datasets";
import type { RobustnessRecord } from "@bioflax/runs";
import { addRobustness } from "@bioflax/runs/node";
import type { Config } from "../config/schema";
import { allSettings } from "../config/settings";
import { datasetOf } from "../experiment/data";
import { type AttackedRun, openAttacked, targetOf, unitOf } from "./attacked-run";
import { methods } from "./methods";
import { type AttackOptions, type AttackSettings, attackSettings } from "./settings";
import { type AttackTarget, everyOne, rightOnes } from "./target";

/** As many examples are attacked at once. */
const CHUNK = 1000;

/** What an attack on a run's network came to. */
export interface AttackResult extends RobustnessRecord {
  /** The run's folder. */
  readonly folder: string;
}

/**
 * Attacks the networks of runs, and leaves in each run's `robustness.json` what came of it.
 *
 * An example counts as right within ε where the network classifies it right both as it is and as the attack moves it.
 * Gradients are those of the loss through the forward network, whatever rule it learnt by.
 *
 * @param folders the runs', of networks that tell one class of each example.
 * @returns for each run, in their order, how its own network stood; with `transfer`, then for each other run how it stood
 *   examples made for that one.
 * @throws BioflaxError for a folder that is no run, weights, data or a device that are not there, inputs that are one-hot
 *   codes, options that do not fit the method, or runs on different examples where they are to be tried on each other's.
 * @example
 * const [bp, dfa] = await attackRuns(["runs/bp-0", "runs/dfa-0"], { method: "pgd", eps: [0, 0.1] });
 */
export async function attackRuns(
  folders: readonly string[],
  options: AttackOptions = {},
): Promise<AttackResult[]> {
  const settings = attackSettings(options);
  const { engine, device, threads, examples, onRun, onDownload } = options;
  if (folders.length === 0)
    throw new BioflaxError(
      "attackRuns: expected the folders of one or several runs, received none.",
    );
  const load = dataSets((config) => datasetOf(config, { ...(onDownload && { onDownload }) }));
  const open = (folder: string) =>
    openAttacked(folder, settings, { engine, device, threads }, load);
  const results: AttackResult[] = [];
  const attack = async (source: AttackedRun, tried: readonly AttackedRun[]) => {
    onRun?.(source.folder);
    const found = await attackOne(source, tried, settings, examples);
    for (const { folder, ...record } of found) await addRobustness(folder, [record]);
    results.push(...found);
  };
  if (!settings.transfer) {
    for (const folder of folders) {
      const run = await open(folder);
      await attack(run, [run]).finally(() => run.engine.dispose());
    }
    return results;
  }
  const runs: AttackedRun[] = [];
  try {
    for (const folder of folders) runs.push(await open(folder));
    checkAlike(runs);
    for (const source of runs) await attack(source, runs);
  } finally {
    for (const { engine } of runs) await engine.dispose();
  }
  const ownFirst = (folder: string) =>
    results.filter((result) => result.folder === folder).sort(byOwn);
  return folders.flatMap(ownFirst);
}

/** One's own before those that were made for others. */
const byOwn = (one: RobustnessRecord, other: RobustnessRecord) =>
  Number(one.from !== undefined) - Number(other.from !== undefined);

/** Loads each data set once for all runs whose settings of it are the same. */
function dataSets(load: (config: Config) => Promise<Dataset>) {
  const keys = allSettings()
    .filter(({ group, key }) => group === "Data" || key === "seed")
    .map(({ key }) => key as keyof Config);
  const loaded = new Map<string, Promise<Dataset>>();
  return (config: Config): Promise<Dataset> => {
    const key = JSON.stringify(keys.map((name) => config[name]));
    const dataset = loaded.get(key) ?? load(config);
    loaded.set(key, dataset);
    return dataset;
  };
}

/** @throws BioflaxError where runs cannot be tried on each other's examples. */
function checkAlike(runs: readonly AttackedRun[]): void {
  const names = runs.map(({ name }) => name);
  const again = names.find((name, i) => names.indexOf(name) < i);
  if (again !== undefined)
    throw new BioflaxError(
      `--transfer: expected run folders of different names, by which they are told apart, received two called ${again}.`,
    );
  const [first, ...others] = runs.map(({ split: { examples, indices } }) => ({
    count: indices.length,
    inputs: takeInputs(examples, indices.subarray(0, CHUNK)),
  }));
  const other = others.findIndex(
    ({ count, inputs }) =>
      count !== first?.count ||
      inputs.length !== first.inputs.length ||
      inputs.some((value, i) => value !== first.inputs[i]),
  );
  if (other >= 0)
    throw new BioflaxError(
      `--transfer: expected runs on the same examples, received ${runs[0]?.folder} and ${runs[other + 1]?.folder}, which are on others. ` +
        "Use the test split of one data set.",
    );
}

/** What adversarial examples for one network come to on several, itself among them. */
async function attackOne(
  source: AttackedRun,
  tried: readonly AttackedRun[],
  settings: AttackSettings,
  most = Number.POSITIVE_INFINITY,
): Promise<AttackResult[]> {
  const { eps, transfer: _transfer, ...attack } = settings;
  const { dataset, split } = source;
  const rows = split.indices.subarray(0, Math.min(most, split.indices.length));
  const right = tried.map(() => eps.map(() => 0));
  for (let first = 0; first < rows.length; first += CHUNK) {
    const some = rows.subarray(first, first + CHUNK);
    const targets = tried.map((run) => targetOf(run, some));
    const own = targets[tried.indexOf(source)] as AttackTarget;
    const asTheyAre = await Promise.all(targets.map((target) => rightOf(target, own.originals)));
    for (const [at, distance] of eps.entries()) {
      const x =
        distance === 0
          ? own.originals
          : await methods[attack.method].run(own, {
              ...attack,
              eps: distance * unitOf(dataset),
              ...(attack.stepSize && { stepSize: attack.stepSize * unitOf(dataset) }),
              first,
              image: dataset.imageShape,
              dataset: dataset.name,
            });
      for (const [i, target] of targets.entries()) {
        const stands = await rightOf(target, x);
        const counts = right[i] as number[];
        counts[at] =
          (counts[at] as number) + stands.filter((is, n) => is && asTheyAre[i]?.[n]).length;
      }
    }
  }
  return tried.map(({ folder }, i) => ({
    folder,
    ...attack,
    examples: rows.length,
    ...(tried[i] !== source && { from: source.name }),
    accuracy: eps.map((distance, at) => ({
      eps: distance,
      accuracy: (right[i]?.[at] as number) / rows.length,
    })),
  }));
}

/** Which examples a network classifies right as they are given. */
const rightOf = async (target: AttackTarget, x: Float32Array): Promise<boolean[]> =>
  rightOnes(await target.outputs(x, everyOne(target)), target.labels, target.threshold);
