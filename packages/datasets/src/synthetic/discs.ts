import { Random } from "@bioflax/core";
import type { Dataset, Examples } from "../dataset";
import type { DatasetFacts } from "../definition";
import { type SampledClassificationOptions, sampleSplits } from "./sampled-classification";

/** Options of {@link discs}: `classes` is the number of labels. */
export type DiscsOptions = SampledClassificationOptions;

/**
 * How far from the middle of the plane a disc's centre may lie, and its radius: about a third of the points are in
 * each.
 */
const [AWAY, RADIUS] = [1, 1];

/**
 * Discs in the plane that overlap, for multi-label classification: an example has the label of every disc it lies in,
 * several or none.
 *
 * The centres are drawn evenly from a disc of radius 1 about the middle, places from N(0, 1) in both dimensions. What
 * is seen of a place has noise from N(0, noise²) on it, so that labels at the rims cannot be told for certain.
 *
 * @param options sizes, classes (how many labels there are), noise (0.05 when left out) and seed.
 * @returns inputs float32 [2], targets float32 [labels] of 0 and 1.
 * @throws BioflaxError when an option is out of its range.
 */
export function discs(options: DiscsOptions): Dataset {
  const { classes = 3, noise = 0.05, seed = 0 } = options;
  const draw = (random: Random, count: number): Examples => {
    const centres = centresOf(classes, new Random(seed, "discs", "centres"));
    const inputs = new Float32Array(2 * count);
    const targets = new Float32Array(count * classes);
    for (let i = 0; i < count; i++) {
      const [x, y] = [random.normal(), random.normal()];
      inputs.set([x + noise * random.normal(), y + noise * random.normal()], 2 * i);
      targets.set(
        centres.map(([cx, cy]) => (Math.hypot(x - cx, y - cy) < RADIUS ? 1 : 0)),
        i * classes,
      );
    }
    return { inputs, targets, count };
  };
  return {
    name: "discs",
    task: "multi-label",
    inputShape: [2],
    targetShape: [classes],
    outputs: classes,
    ...sampleSplits("discs", "discs", { ...options, classes, noise }, draw),
  };
}

/** The centres of so many discs. */
function centresOf(count: number, random: Random): (readonly [number, number])[] {
  const centres: (readonly [number, number])[] = [];
  for (let i = 0; i < count; i++) {
    const angle = 2 * Math.PI * random.uniform();
    const radius = AWAY * Math.sqrt(random.uniform());
    centres.push([radius * Math.cos(angle), radius * Math.sin(angle)]);
  }
  return centres;
}

/** Discs in the registry. */
export const discsDefinition: DatasetFacts = {
  shows: "discs that overlap: several labels or none",
  targets: "multi-label",
  origin: "generated",
  exampleSize: ({ classes = 3 }) => 2 + classes,
  load: ({ batchSize = 32, ...options }) => discs({ ...options, batchSize }),
};
