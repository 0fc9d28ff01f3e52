import { type Dataset, takeTargets } from "@bioflax/datasets";
import { isPicture } from "../../report/png";
import type { TrainedNetwork } from "../../reporter";
import { Canvas, type Color } from "./canvas";
import { glyph } from "./font";
import type { Picture } from "./summaries";

/** bioflax shows the first 25 test images, five in a row. */
const [IMAGES, COLUMNS] = [25, 5];
/** Pixels an image is at least wide, and those between images. */
const [SIDE, GAP] = [112, 10];
/** Pixels a dot of the text may be wide. */
const SIZES = [2, 1] as const;
const LINE = (glyph.height + 2) * SIZES[0];
const [GREEN, RED, GREY]: readonly [Color, Color, Color] = [
  [21, 128, 61],
  [185, 28, 28],
  [82, 82, 91],
];

/**
 * The first test images under the labels the network gives them: green where it is right, else red with the true label below.
 *
 * @returns undefined for data that are no images to look at.
 */
export async function sampleImage(
  dataset: Dataset,
  network: TrainedNetwork,
): Promise<Picture | undefined> {
  const { examples, indices } = dataset.test;
  const { imageShape, classNames, outputs: classes } = dataset;
  const { inputs } = examples;
  if (dataset.task !== "classification" || !(inputs instanceof Uint8Array)) return undefined;
  if (imageShape === undefined || !isPicture(imageShape)) return undefined;

  const rows = indices.slice(0, IMAGES);
  const outputs = await network.predict(dataset.test, rows);
  const labels = takeTargets(examples, rows);
  const [height, width, channels] = imageShape;
  const scale = Math.max(1, Math.ceil(SIDE / width));
  const cell = { width: width * scale + GAP, height: height * scale + 2 * LINE + GAP };
  const canvas = new Canvas(
    COLUMNS * cell.width + GAP,
    Math.ceil(rows.length / COLUMNS) * cell.height + GAP,
  );
  const nameOf = (label: number) => classNames?.[label] ?? String(label);

  rows.forEach((row, i) => {
    const left = (i % COLUMNS) * cell.width + GAP;
    const top = Math.floor(i / COLUMNS) * cell.height + GAP;
    const scores = outputs.subarray(i * classes, (i + 1) * classes);
    const predicted = scores.indexOf(Math.max(...scores));
    const label = labels[i] as number;
    const isRight = predicted === label;
    const line = { middle: left + (width * scale) / 2, room: width * scale, sizes: SIZES };
    canvas.text(nameOf(predicted), { ...line, top, color: isRight ? GREEN : RED });
    if (!isRight) canvas.text(`is ${nameOf(label)}`, { ...line, top: top + LINE, color: GREY });
    const image = inputs.subarray(row * height * width * channels);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const pixel = (y * width + x) * channels;
        const color = [0, 1, 2].map((channel) => image[pixel + (channel % channels)] as number);
        canvas.square(
          left + x * scale,
          top + 2 * LINE + y * scale,
          scale,
          color as unknown as Color,
        );
      }
  });
  return canvas.toPicture();
}
