import type { Random } from "@bioflax/core";
import type { Dataset, ImageShape } from "../dataset";
import type { DatasetFacts } from "../definition";
import { pixelNormalization } from "../image-set";
import { type SampledClassificationOptions, sampleClassification } from "./sampled-classification";
import { shapes } from "./shapes";

/** Options of {@link colorShapes}. */
export interface ColorShapesOptions extends Omit<SampledClassificationOptions, "classes"> {
  /** Whether pixels are to be standardised, or else only scaled to [0, 1]; true when left out. */
  readonly normalize?: boolean;
}

const imageShape = [32, 32, 3] as const satisfies ImageShape;
const [HEIGHT, WIDTH, CHANNELS] = imageShape;
/** A shape's radius in pixels: large enough to show its parts, small enough to have places to be at. */
const RADIUS = { least: 6, most: 12 };
/** How far apart the two colours of an image are at least, of the 442 that there are between black and white. */
const CONTRAST = 120;

const all = Object.values(shapes);

/**
 * Shapes in colours: a CIFAR-10 in miniature that needs no file.
 *
 * An image of 32 × 32 pixels shows one of ten shapes at a random place, with a radius from U[6, 12) pixels, in two
 * random colours, one for the shape and one for what is around it, with noise from N(0, noise²) on every value. Since a
 * shape is as often darker than its surroundings as it is lighter, the classes have the same mean image, and no linear
 * model tells them apart.
 *
 * @param options sizes, noise (in steps of 255, 12 when left out) and seed.
 * @returns inputs uint8 [3072], in the order [row, column, channel], labels int32.
 * @throws BioflaxError when an option is out of its range.
 */
export function colorShapes({ normalize = true, ...options }: ColorShapesOptions): Dataset {
  const { noise = 12 } = options;
  return sampleClassification(
    {
      name: "color-shapes",
      who: "colorShapes",
      features: HEIGHT * WIDTH * CHANNELS,
      example: (label, random) => draw(label, noise, random),
      image: {
        imageShape,
        classNames: Object.keys(shapes),
        normalization: pixelNormalization(normalize, 0.5, 0.3),
      },
    },
    { ...options, classes: all.length, noise },
  );
}

/** One image; the array rounds and clips. */
function draw(label: number, noise: number, random: Random): Uint8ClampedArray {
  const covers = all[label] as (typeof all)[number];
  const radius = RADIUS.least + (RADIUS.most - RADIUS.least) * random.uniform();
  const place = (extent: number) => radius + (extent - 1 - 2 * radius) * random.uniform();
  const [row, column] = [place(HEIGHT), place(WIDTH)];
  const [ground, ink] = twoColors(random);
  const pixels = new Uint8ClampedArray(HEIGHT * WIDTH * CHANNELS);
  let at = 0;
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const color = covers((x - column) / radius, (y - row) / radius) ? ink : ground;
      for (const value of color) pixels[at++] = value + (noise > 0 ? noise * random.normal() : 0);
    }
  }
  return pixels;
}

/** Two colours that are told apart with ease, neither of them preferred. */
function twoColors(random: Random): readonly [readonly number[], readonly number[]] {
  const color = () => Array.from({ length: CHANNELS }, () => 255 * random.uniform());
  for (;;) {
    const [one, other] = [color(), color()];
    const distance = Math.hypot(...one.map((value, i) => value - (other[i] as number)));
    if (distance >= CONTRAST) return [one, other];
  }
}

/** Shapes in colours in the registry. */
export const colorShapesDefinition: DatasetFacts = {
  shows: "ten shapes in random colours, places and sizes",
  targets: "labels",
  origin: "generated",
  images: imageShape,
  classes: all.length,
  exampleSize: () => HEIGHT * WIDTH * CHANNELS,
  load: ({ batchSize = 32, classes: _, ...options }) => colorShapes({ ...options, batchSize }),
};
