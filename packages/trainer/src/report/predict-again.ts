import { join } from "node:path";
import { BioflaxError, createNetwork } from "@bioflax/core";
import { availableThreads } from "@bioflax/core/node";
import type { Dataset } from "@bioflax/datasets";
import { getDataset } from "@bioflax/datasets/node";
import type { ReportedRun } from "@bioflax/report";
import { readNetwork, readRunWeights } from "@bioflax/runs/node";
import type { Config } from "../config/schema";
import { allSettings } from "../config/settings";
import type { Engine } from "../engines/engine";
import { datasetOf } from "../experiment/data";
import { dataFor, networkOf } from "../experiment/network";
import type { ResolvedRun } from "../stored/run-config";
import { checkClasses } from "../trained/check-classes";
import { checkFinite } from "../trained/check-finite";
import { startEngine } from "../trained/start-engine";
import { reportedRun, type TestOutputs } from "./reported-run";

const dataSettings = () => allSettings().filter(({ group }) => group === "Data");

/**
 * A network's outputs for the whole test set.
 *
 * @param file its weights'.
 * @throws BioflaxError when one is not finite.
 */
async function predictTest(
  engine: Pick<Engine, "predict">,
  { test }: Dataset,
  file: string,
): Promise<Float32Array> {
  const outputs = await engine.predict(test, test.indices);
  checkFinite(outputs, "an output", file);
  return outputs;
}

/**
 * A run with the predictions of a network that has just been trained, by the engine and on the data set it was trained
 * with.
 */
export async function withPredictionsOf(
  run: ResolvedRun,
  engine: Pick<Engine, "predict">,
  dataset: Dataset,
): Promise<ReportedRun> {
  return withReason(run, async () => ({
    dataset,
    outputs: await predictTest(engine, dataset, finalOf(run)),
  }));
}

const finalOf = ({ path }: ResolvedRun) => join(path, "final.safetensors");

/** Loads each data set once for all the runs that use it; none is downloaded. */
export class TestSets {
  readonly #loaded = new Map<string, Promise<Dataset>>();

  /** @throws BioflaxError when it is not on this machine, or cannot be used. */
  of(config: Config): Promise<Dataset> {
    // The test examples of a set that is in files are the same whatever the seed.
    const isInFiles = getDataset(config.dataset).origin === "files";
    const needed = isInFiles ? { ...config, seed: 0, valSplit: 0 } : config;
    const values = needed as Readonly<Record<string, unknown>>;
    const key = JSON.stringify([needed.seed, ...dataSettings().map(({ key }) => values[key])]);
    const dataset = this.#loaded.get(key) ?? withoutDownload(needed);
    this.#loaded.set(key, dataset);
    return dataset;
  }
}

/** A data set that is there; a report never waits for a download, and works without a network. */
async function withoutDownload(config: Config): Promise<Dataset> {
  const reason = new Error("not on this machine");
  return datasetOf(config, { signal: AbortSignal.abort(reason) }).catch((error: unknown) => {
    if (error !== reason) throw error;
    throw new BioflaxError(
      `the data set ${config.dataset} is not on this machine, and a report downloads nothing; \`bioflax train\` does`,
    );
  });
}

/**
 * A run with the predictions of its final weights, made again by the compiled engine on the CPU.
 *
 * What cannot be had, such as a data set that is not there, leaves the reason in their place.
 */
export async function withPredictions(run: ResolvedRun, testSets: TestSets): Promise<ReportedRun> {
  return withReason(run, () => predictAgain(run, testSets));
}

async function withReason(
  run: ResolvedRun,
  predict: () => Promise<TestOutputs>,
): Promise<ReportedRun> {
  try {
    return reportedRun(run, await predict());
  } catch (error) {
    if (!(error instanceof BioflaxError)) throw error;
    return reportedRun(run, { missing: error.message.replace(/^--\S+ /, "") });
  }
}

async function predictAgain(run: ResolvedRun, testSets: TestSets): Promise<TestOutputs> {
  const { config } = run;
  const loaded = await testSets.of(config);
  checkClasses(run.path, (await readNetwork(run.path)).data, loaded);
  const dataset = dataFor(config, loaded);
  const spec = networkOf(config, dataset);
  const file = finalOf(run);
  const weights = await readRunWeights(file, createNetwork(spec));
  if (weights === undefined)
    throw new BioflaxError(
      `${file}: expected a readable .safetensors file, but there is no such file`,
    );
  const engine = await startEngine({ run, spec, weights }, dataset, {
    engine: "compiled",
    device: "cpu",
    threads: config.threads ?? availableThreads(),
  });
  try {
    // The loaded data set, not as the network sees it: runs on the same one share it.
    return { dataset: loaded, outputs: await predictTest(engine, dataset, file) };
  } finally {
    await engine.dispose();
  }
}
