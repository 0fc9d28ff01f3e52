import { join } from "node:path";
import type { Weights } from "@bioflax/core";
import type { EpochRecord } from "@bioflax/runs";
import { thresholdOf } from "../../experiment/training";
import type { Summary_Value } from "../../proto/event_pb";
import type { Logger } from "../logger";
import type { NetworkInTraining, RunStart } from "../reporter";
import { scalarsOf } from "../scalars";
import { EventFile } from "./event-file";
import { sampleImage } from "./sample-image";
import { settingsText } from "./settings-text";
import { histogramValue, imageValue, scalarValue, textValue } from "./summaries";

/** A run's event files: scalars, weight histograms and sample predictions of each epoch, in `<run>/tensorboard`. */
export class TensorboardLogger implements Logger {
  #run: RunStart | undefined;
  #file: EventFile | undefined;

  /**
   * Starts a file. A run that goes on has another one, which takes the place of what came after the epochs it goes on
   * from.
   */
  async started(run: RunStart): Promise<void> {
    const { resumed, config, folder, weights } = run;
    this.#run = run;
    this.#file = await EventFile.start(
      join(folder, "tensorboard"),
      resumed === undefined ? 0 : resumed.records.length + 1,
    );
    if (resumed === undefined)
      await this.#file.append(0, [
        textValue("settings", settingsText(config)),
        ...(await histograms(weights)),
      ]);
  }

  async epochFinished(record: EpochRecord, network: NetworkInTraining): Promise<void> {
    const { config, dataset } = this.#run as RunStart;
    const picture = await sampleImage(dataset, network, thresholdOf(config));
    await this.#file?.append(record.epoch, [
      ...Object.entries(scalarsOf(record, config)).map(([tag, number]) => scalarValue(tag, number)),
      ...(await histograms(await network.weights())),
      ...(picture === undefined ? [] : [imageValue("predictions/test", picture)]),
    ]);
  }

  async finished(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  failed(): Promise<void> {
    return this.finished();
  }
}

/** `layers.0.kernel` is tagged `kernel/layers.0`: TensorBoard shows the kernels of all layers side by side. */
async function histograms(weights: Weights): Promise<Summary_Value[]> {
  const shown: Summary_Value[] = [];
  for (const [name, values] of Object.entries(weights)) {
    const dot = name.lastIndexOf(".");
    shown.push(await histogramValue(`${name.slice(dot + 1)}/${name.slice(0, dot)}`, values));
  }
  return shown;
}
