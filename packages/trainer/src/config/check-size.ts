import { getDataset } from "@bioflax/datasets/node";
import type { Label } from "./label";
import { takesSetting } from "./models";
import type { Config } from "./schema";

/** The most numbers an array may hold, 8 GiB of them: what is meant to be larger was meant otherwise. */
const MOST = 2 ** 31;

/** How many numbers the data of a set that needs no file has, targets included; 0 for the others. */
export function generatedNumbers(config: Config): number {
  const { batchSize, trainSetSize, testSetSize } = config;
  const perExample = getDataset(config.dataset).exampleSize?.(config) ?? 0;
  return (trainSetSize + testSetSize) * batchSize * perExample;
}

/**
 * Data or a network that no machine could hold, found before anything is made.
 *
 * @returns a sentence for each.
 */
export function checkSize(config: Config, label: Label): string[] {
  const { hiddenLayers, model } = config;
  const problems: string[] = [];
  const numbers = generatedNumbers(config);
  if (numbers > MOST) {
    problems.push(
      `${label("trainSetSize")}, ${label("testSetSize")} and ${label("batchSize")}: expected data of at most ${MOST} numbers, ` +
        `received ${numbers}. Make one of them smaller`,
    );
  }
  const weights = hiddenLayers
    .slice(1)
    .reduce((sum, units, index) => sum + units * (hiddenLayers[index] as number), 0);
  if (takesSetting({ model }, "hiddenLayers") && weights > MOST) {
    problems.push(
      `${label("hiddenLayers")}: expected layers of at most ${MOST} weights, received ${weights}. Make them smaller`,
    );
  }
  return problems;
}
