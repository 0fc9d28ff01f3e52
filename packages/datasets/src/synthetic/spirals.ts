import type { Dataset } from "../dataset";
import type { DatasetFacts } from "../definition";
import { type SampledClassificationOptions, sampleClassification } from "./sampled-classification";

/** How far an arm turns on its way out, in radians. */
const TURN = 4;

/**
 * Arms of a spiral in the plane, one for each class: no line tells them apart, so a network must learn features.
 *
 * An example of class k lies at radius r from U[0, 1) and angle 2π·k/classes + 4·r + noise·N(0, 1), in radians.
 *
 * @param options sizes, classes, noise (0.2 when left out) and seed.
 * @returns inputs float32 [2], labels int32.
 * @throws BioflaxError when an option is out of its range.
 */
export function spirals(options: SampledClassificationOptions): Dataset {
  const { classes = 3, noise = 0.2 } = options;
  return sampleClassification(
    {
      name: "spirals",
      who: "spirals",
      features: 2,
      example(label, random) {
        const radius = random.uniform();
        const angle = (2 * Math.PI * label) / classes + TURN * radius + noise * random.normal();
        return [radius * Math.cos(angle), radius * Math.sin(angle)];
      },
    },
    { ...options, classes, noise },
  );
}

/** Spirals in the registry. */
export const spiralsDefinition: DatasetFacts = {
  shows: "arms of a spiral",
  targets: "labels",
  origin: "generated",
  exampleSize: () => 2,
  load: ({ batchSize = 32, ...options }) => spirals({ ...options, batchSize }),
};
