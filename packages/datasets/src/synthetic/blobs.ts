import { Random } from "@bioflax/core";
import type { Dataset } from "../dataset";
import type { DatasetFacts } from "../definition";
import { type SampledClassificationOptions, sampleClassification } from "./sampled-classification";
import { checkSizes } from "./sampled-regression";

/** Options of {@link blobs}. */
export interface BlobsOptions extends SampledClassificationOptions {
  /** Dimensions of the space; 2 when left out. */
  readonly features?: number;
}

/**
 * Gaussian blobs, one for each class: the easiest problem there is, to see whether anything learns at all.
 *
 * The centres are drawn from N(0, 4²) in every dimension, examples from N(centre, noise²).
 *
 * @param options sizes, classes, features, noise (1 when left out) and seed.
 * @returns inputs float32 [features], labels int32.
 * @throws BioflaxError when an option is out of its range.
 */
export function blobs({ features = 2, ...options }: BlobsOptions): Dataset {
  const { classes = 3, noise = 1, seed = 0 } = options;
  checkSizes("blobs", { features, classes });
  const random = new Random(seed, "blobs", "centres");
  const centres = Array.from({ length: classes }, () =>
    Array.from({ length: features }, () => 4 * random.normal()),
  );
  return sampleClassification(
    {
      name: "blobs",
      who: "blobs",
      features,
      example: (label, stream) =>
        (centres[label] as number[]).map((centre) => centre + noise * stream.normal()),
    },
    { ...options, classes, noise },
  );
}

/** Blobs in the registry. */
export const blobsDefinition: DatasetFacts = {
  shows: "Gaussian blobs",
  targets: "labels",
  origin: "generated",
  exampleSize: () => 2,
  load: ({ batchSize = 32, ...options }) => blobs({ ...options, batchSize }),
};
