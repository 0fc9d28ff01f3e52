import { getDataset } from "@bioflax/datasets";
import type { Label } from "./check-together";
import type { Config } from "./schema";

/** The most numbers an array may hold, 8 GiB of them: what is meant to be larger was meant otherwise. */
const MOST = 2 ** 31;

/**
 * Data or a network that no machine could hold, found before anything is made.
 *
 * @returns a sentence for each.
 */
export function checkSize(config: Config, label: Label): string[] {
  const { batchSize, trainSetSize, testSetSize, hiddenLayers, model } = config;
  const problems: string[] = [];
  const perExample = getDataset(config.dataset).exampleSize?.(config) ?? 0;
  const numbers = (trainSetSize + testSetSize) * batchSize * perExample;
  if (numbers > MOST) {
    problems.push(
      `${label("trainSetSize")}, ${label("testSetSize")} and ${label("batchSize")}: expected data of at most ${MOST} numbers, ` +
        `received ${numbers}. Make one of them smaller`,
    );
  }
  const weights = hiddenLayers
    .slice(1)
    .reduce((sum, units, index) => sum + units * (hiddenLayers[index] as number), 0);
  if (model === "mlp" && weights > MOST) {
    problems.push(
      `${label("hiddenLayers")}: expected layers of at most ${MOST} weights, received ${weights}. Make them smaller`,
    );
  }
  return problems;
}
