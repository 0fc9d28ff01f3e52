import type { Label } from "./check-together";
import type { Config } from "./schema";

/** The most numbers an array may hold, 8 GiB of them: what is meant to be larger was meant otherwise. */
const MOST = 2 ** 31;

/** How many numbers an example of each data set that needs no file has, its target included. */
const generated: { readonly [D in Config["dataset"]]?: (config: Config) => number } = {
  "color-shapes": () => 32 * 32 * 3,
  sinreg: ({ inDim, seqLen }) => 2 * inDim * seqLen,
  teacher: ({ inDim, seqLen, outputFeatures }) => inDim * (seqLen + outputFeatures),
  spirals: () => 2,
  blobs: () => 2,
  moons: () => 2,
  discs: ({ classes }) => 2 + classes,
};

/**
 * Data or a network that no machine could hold, found before anything is made.
 *
 * @returns a sentence for each.
 */
export function checkSize(config: Config, label: Label): string[] {
  const { batchSize, trainSetSize, testSetSize, hiddenLayers, model } = config;
  const problems: string[] = [];
  const perExample = generated[config.dataset]?.(config) ?? 0;
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
