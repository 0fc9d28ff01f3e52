import type { Dataset } from "../dataset";
import type { DatasetFacts } from "../definition";
import { type SampledClassificationOptions, sampleClassification } from "./sampled-classification";

/** Options of {@link moons}. */
export type MoonsOptions = Omit<SampledClassificationOptions, "classes">;

/**
 * Two half moons in the plane that reach into each other, for binary classification with a single output:
 * scikit-learn's `make_moons`.
 *
 * With t from U[0, π), an example of class 0 lies at (cos t, sin t), one of class 1 at (1 − cos t, ½ − sin t), with
 * noise from N(0, noise²) on both.
 *
 * @param options sizes, noise (0.1 when left out) and seed.
 * @returns inputs float32 [2], targets 0 or 1, int32, for one output.
 * @throws BioflaxError when an option is out of its range.
 */
export function moons(options: MoonsOptions): Dataset {
  const { noise = 0.1 } = options;
  return sampleClassification(
    {
      name: "moons",
      who: "moons",
      features: 2,
      isBinary: true,
      example(label, random) {
        const angle = Math.PI * random.uniform();
        const [x, y] = [Math.cos(angle), Math.sin(angle)];
        const place = label === 0 ? [x, y] : [1 - x, 0.5 - y];
        return place.map((value) => value + noise * random.normal());
      },
    },
    { ...options, classes: 2, noise },
  );
}

/** Moons in the registry. */
export const moonsDefinition: DatasetFacts = {
  shows: "two half moons, told by one output",
  targets: "binary",
  origin: "generated",
  classes: 2,
  exampleSize: () => 2,
  load: ({ batchSize = 32, classes: _classes, ...options }) => moons({ ...options, batchSize }),
};
