import { access } from "node:fs/promises";
import { join } from "node:path";
import { BioflaxError, type Network, type Weights } from "@bioflax/core";
import type { StoredNetwork } from "@bioflax/runs";
import { checkpointPath, readNetwork, readRunWeights, readWeights } from "@bioflax/runs/node";
import { type ResolvedRun, readResolvedRun } from "../stored/run-config";

/** The weights a run keeps, by what people call them, and the file each is in. */
const kept = {
  final: "final.safetensors",
  best: checkpointPath("", "best"),
  last: checkpointPath("", "last"),
  initial: "initial.safetensors",
} as const;

/** What the weights a run keeps are called. */
export const keptWeights = Object.keys(kept) as readonly (keyof typeof kept)[];

/** A network that was trained, ready to be used. */
export interface TrainedNetwork extends StoredNetwork {
  readonly run: ResolvedRun;
  readonly network: Network;
  readonly weights: Weights;
  /** The file the weights are from. */
  readonly weightsFile: string;
}

/**
 * Opens the network of a run with some of its weights.
 *
 * @param folder the run's.
 * @param weights `final`, `best`, `last` or `initial`, or the path of a .safetensors file.
 * @throws RunFolderError when it is no run folder or one of its files is broken; BioflaxError for weights that are not
 *   there or not the network's.
 * @example
 * const { network, weights } = await openRun("runs/third", "best");
 */
export async function openRun(folder: string, weights = "final"): Promise<TrainedNetwork> {
  // One after the other: a folder that is no run has no network either.
  const run = await readResolvedRun(folder);
  const stored = await readNetwork(folder);
  if (!Object.hasOwn(kept, weights))
    return {
      ...stored,
      run,
      weights: await readWeights(weights, stored.network, "--weights"),
      weightsFile: weights,
    };
  const name = weights as keyof typeof kept;
  const weightsFile = join(folder, kept[name]);
  const found = await readRunWeights(weightsFile, stored.network);
  return { ...stored, run, weights: found ?? (await refuseMissing(folder, name)), weightsFile };
}

async function refuseMissing(folder: string, name: keyof typeof kept): Promise<never> {
  const isThere = (one: keyof typeof kept) =>
    access(join(folder, kept[one])).then(
      () => true,
      () => false,
    );
  const there: string[] = [];
  for (const one of keptWeights) if (await isThere(one)) there.push(one);
  throw new BioflaxError(
    `--weights ${name}: expected ${join(folder, kept[name])}, but there is no such file. ` +
      `The run has ${there.length === 0 ? "no weights" : `the weights ${there.join(", ")}`}.`,
  );
}
