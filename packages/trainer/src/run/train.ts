import { checkOptionNames } from "@bioflax/core";
import { encodeWeights, NETWORK_FILE, PLUGINS_FILE } from "@bioflax/runs";
import { checkFree, RunFolder } from "@bioflax/runs/node";
import type { ConfigInput } from "../config/schema";
import type { TrainedRun } from "../loggers/reporter";
import { loadPlugins } from "../plugins/load";
import { validateConfig } from "../resolve/resolve";
import { placeOf, settingsFrom } from "../stored/run-config";
import { pluginsFrom } from "../stored/run-plugins";
import {
  networkFile,
  prepare,
  startingWeights,
  type TrainOptions,
  trainOptionNames,
  withEngine,
} from "./prepare";
import { runTraining } from "./run-training";

/**
 * Trains a network and writes a run folder.
 *
 * The folder holds `config.json` (the resolved settings), `network.json` (what it takes to use the weights),
 * `initial.safetensors`, `metrics.jsonl` (a line an epoch), `checkpoints/`, `final.safetensors` and `summary.json`;
 * `tensorboard/` unless `tensorboard` is false; `plugins.json` of a run with {@link GivenPlugin plugins}; and
 * `report.html` if `plot` is set. A run that was stopped goes on by {@link resume}.
 *
 * @param input the settings; what is left out has its default.
 * @returns the folder and the summary, of a run that is done or, by the signal, interrupted.
 * @throws BioflaxError for settings, data, weights or a folder that cannot be used, or that another process writes; and
 *   when the loss is no longer finite or a file cannot be written, after a summary with the status `failed`. The
 *   signal's reason when that comes while data is downloaded or weights are drawn, before there is a folder.
 * @example
 * const { summary } = await train({ dataset: "mnist", mode: "dfa", epochs: 10, lr: 0.1 });
 * console.log(summary.test?.accuracy);
 */
export async function train(input: ConfigInput, options: TrainOptions = {}): Promise<TrainedRun> {
  checkOptionNames("train", options, trainOptionNames);
  const startedAt = options.startedAt ?? performance.now();
  const plugins = await loadPlugins(input.plugins ?? []);
  const config = validateConfig(input);
  if (config.out !== undefined) await checkFree(config.out);
  const prepared = await prepare(config, options);
  const weights = await startingWeights(prepared, options.signal);
  return withEngine(prepared, { weights }, async (started) => {
    const folder = await RunFolder.create(placeOf(config), new Date());
    return folder.exclusively(async () => {
      // Somebody else may have been first.
      await checkFree(folder.path);
      await folder.writeConfig(settingsFrom(folder.path, config));
      if (plugins.length > 0)
        await folder.write(
          PLUGINS_FILE,
          `${JSON.stringify(pluginsFrom(folder.path, plugins), null, 2)}\n`,
        );
      await folder.write(NETWORK_FILE, networkFile(prepared));
      const { network } = prepared.trainable;
      await folder.write("initial.safetensors", encodeWeights(network, weights));
      return runTraining(prepared, started, folder, { ...options, startedAt });
    });
  });
}
