import { BioflaxError, createRegistry, showValue } from "@bioflax/core";
import { generated } from "@bioflax/datasets";
import { cifar10 } from "./cifar/cifar-10";
import { cifar100 } from "./cifar/cifar-100";
import {
  type DatasetDefinition,
  type DatasetFacts,
  datasetOrigins,
  datasetTargets,
} from "./definition";
import { emnist } from "./emnist/emnist";
import { fashionMnist } from "./fashion-mnist/load-fashion-mnist";
import { kmnist } from "./kmnist/kmnist";
import { medMnist } from "./medmnist/medmnist";
import { refusedMedMnist } from "./medmnist/sets";
import { mnist } from "./mnist/load-mnist";
import { folder } from "./own-images/folder";
import { idx } from "./own-images/idx";
import { npz } from "./own-images/npz";
import { tables } from "./own-tables/table";
import { text } from "./own-text/text";
import { qmnist } from "./qmnist/qmnist";

/** What is known of the data sets that come with bioflax, in the order docs and help list them in. */
const facts = {
  mnist,
  "fashion-mnist": fashionMnist,
  kmnist,
  qmnist,
  ...emnist,
  "cifar-10": cifar10,
  ...cifar100,
  ...medMnist,
  idx,
  npz,
  folder,
  ...tables,
  text,
  ...generated,
} as const satisfies Readonly<Record<string, DatasetFacts>>;

/** The name of a data set that comes with bioflax. */
export type DatasetName = keyof typeof facts;

/** Every data set by name, in the order docs and help list them in. */
export const datasets = createRegistry<
  DatasetDefinition,
  Readonly<Record<DatasetName, DatasetDefinition>>
>({
  kind: "data set",
  where: { name: "datasets", of: "@bioflax/datasets/node" },
  builtIns: Object.fromEntries(
    Object.entries<DatasetFacts>(facts).map(([name, own]) => [name, { ...own, name }]),
  ) as Record<DatasetName, DatasetDefinition>,
  needs: { shows: "string", targets: "string", origin: "string", load: "function" },
  check: checkFacts,
});

/** @throws BioflaxError for a data set that says of itself what none can be. */
function checkFacts({ name, ...facts }: DatasetDefinition): void {
  const known: Readonly<Record<string, readonly string[]>> = {
    targets: datasetTargets,
    origin: datasetOrigins,
  };
  for (const [key, values] of Object.entries(known)) {
    const own = facts[key as "targets" | "origin"];
    if (!values.includes(own))
      throw new BioflaxError(
        `Data set "${name}": expected its "${key}" to be one of ${values.join(", ")}, received ${showValue(own)}.`,
      );
  }
}

/** The names of all data sets, those of one's own that have been added among them. */
export function datasetNames(): [DatasetName, ...DatasetName[]] {
  return datasets.names() as [DatasetName, ...DatasetName[]];
}

/** Data sets that are known and not had, and why: the end of "received chestmnist, …". */
export const refusedDatasets: Readonly<Record<string, string>> = refusedMedMnist;

/**
 * A data set by its name.
 *
 * @throws BioflaxError for an unknown name, or one that is known and not had, saying why.
 * @example
 * const letters = await getDataset("emnist-letters").load({ directory: "data/emnist" });
 */
export function getDataset(name: string): DatasetDefinition {
  if (Object.hasOwn(refusedDatasets, name)) {
    throw new BioflaxError(
      `Data set "${name}": expected one that can be trained on, received one ${refusedDatasets[name]}. ` +
        `Known: ${datasetNames().join(", ")}.`,
    );
  }
  return datasets.get(name);
}
