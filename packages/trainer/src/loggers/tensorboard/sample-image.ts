import { classCount, type Dataset, takeTargets } from "@bioflax/datasets";
import { classOf } from "@bioflax/metrics";
import { isPicture } from "../../base/png";
import type { NetworkInTraining } from "../reporter";
import { Canvas, type Color } from "./canvas";
import { glyph, textWidth } from "./font";
import type { Picture } from "./summaries";

/** bioflax shows the first 25 test images, five in a row. */
const [IMAGES, COLUMNS] = [25, 5];
/** Pixels an image is at least wide, and those between images. */
const [SIDE, GAP] = [84, 10];
const [GREEN, RED, GREY]: readonly [Color, Color, Color] = [
  [21, 128, 61],
  [185, 28, 28],
  [82, 82, 91],
];

const trueName = (name: string) => `is ${name}`;

/**
 * The first test images under the labels the network gives them: green where it is right, else
 * red with the true label below.
 *
 * @param threshold the loss's, above which a single output tells class 1.
 * @returns undefined for data that are no images to look at.
 */
export async function sampleImage(
  dataset: Dataset,
  network: NetworkInTraining,
  threshold: number,
): Promise<Picture | undefined> {
  const { examples, indices } = dataset.test;
  const { imageShape, classNames, outputs: perImage } = dataset;
  const classes = classCount(dataset);
  const { inputs } = examples;
  if (dataset.task !== "classification" || !(inputs instanceof Uint8Array)) return undefined;
  if (imageShape === undefined || !isPicture(imageShape)) return undefined;

  const rows = indices.slice(0, IMAGES);
  const outputs = await network.predict(dataset.test, rows);
  const labels = takeTargets(examples, rows);
  const [height, width, channels] = imageShape;
  const scale = Math.max(1, Math.ceil(SIDE / width));
  const nameOf = (label: number) => classNames?.[label] ?? String(label);
  const longest = Math.max(
    ...Array.from({ length: classes }, (_, i) => textWidth(trueName(nameOf(i)))),
  );
  const dot = 2 * longest <= width * scale ? 2 : 1;
  const lineHeight = (glyph.height + 2) * dot;
  const cell = { width: width * scale + GAP, height: height * scale + 2 * lineHeight + GAP };
  const canvas = new Canvas(
    COLUMNS * cell.width + GAP,
    Math.ceil(rows.length / COLUMNS) * cell.height + GAP,
  );

  rows.forEach((row, i) => {
    const left = (i % COLUMNS) * cell.width + GAP;
    const top = Math.floor(i / COLUMNS) * cell.height + GAP;
    const scores = outputs.subarray(i * perImage, (i + 1) * perImage);
    const predicted = scores.some(Number.isNaN) ? -1 : classOf(scores, threshold);
    const label = labels[i] as number;
    const isRight = predicted === label;
    const middle = left + (width * scale) / 2;
    const second = { middle, top: top + lineHeight, dot };
    if (isRight) {
      canvas.text(nameOf(predicted), second, GREEN);
    } else {
      canvas.text(predicted < 0 ? "?" : nameOf(predicted), { middle, top, dot }, RED);
      canvas.text(trueName(nameOf(label)), second, GREY);
    }
    const size = height * width * channels;
    canvas.image(inputs.subarray(row * size, (row + 1) * size), imageShape, {
      left,
      top: top + 2 * lineHeight,
      scale,
    });
  });
  return canvas.toPicture();
}
