import { type Dataset, takeInputs, takeTargets } from "@bioflax/datasets";
import type { Engine } from "../engines/engine";
import { type Html, html } from "./html";
import { isPicture, png } from "./png";
import { scatterChart } from "./scatter-chart";

/** bioflax shows the first 25 test images. */
const IMAGES = 25;
/** As many test examples as a scatter can show. */
const POINTS = 400;

/** What the network makes of some of the test set: images with their labels, or a scatter of values. */
export async function samples(dataset: Dataset, engine: Engine): Promise<Html | undefined> {
  const { examples, indices } = dataset.test;
  if (dataset.task === "regression") {
    const rows = indices.slice(0, POINTS);
    return html`<h2>Predictions</h2><div class="grid">${regression(dataset, rows, await engine.predict(dataset.test, rows))}</div>`;
  }
  const { inputs } = examples;
  const { imageShape, classNames } = dataset;
  if (!(inputs instanceof Uint8Array) || imageShape === undefined || !isPicture(imageShape))
    return undefined;
  const size = inputs.length / examples.count;
  const nameOf = (label: number) => classNames?.[label] ?? String(label);
  const rows = indices.slice(0, IMAGES);
  const outputs = await engine.predict(dataset.test, rows);
  const labels = takeTargets(examples, rows);
  const figures = [...rows].map((row, i) => {
    const scores = outputs.subarray(i * dataset.outputs, (i + 1) * dataset.outputs);
    const predicted = scores.indexOf(Math.max(...scores));
    const picture = png(inputs.subarray(row * size, (row + 1) * size), imageShape);
    return image(picture, nameOf(predicted), nameOf(labels[i] as number));
  });
  const wrong = figures.filter(({ right }) => !right).length;
  return html`<h2>Test images and their predicted labels</h2>
<p class="soft">The first ${rows.length} test images; ${wrong === 0 ? "all are right" : `${wrong} of them wrong`}.</p>
<div class="digits">${figures.map(({ figure }) => figure)}</div>`;
}

function image(
  picture: Buffer,
  predicted: string,
  label: string,
): { right: boolean; figure: Html } {
  const right = predicted === label;
  const caption = right ? `✓ ${predicted}` : `✗ ${predicted}, is ${label}`;
  const figure = html`<figure class="${right ? "right" : "wrong"}"><img alt="${label}" src="data:image/png;base64,${picture.toString("base64")}"><figcaption>${caption}</figcaption></figure>`;
  return { right, figure };
}

function regression(dataset: Dataset, rows: Int32Array, outputs: Float32Array): Html {
  const { examples } = dataset.test;
  const targets = takeTargets(examples, rows);
  if (outputs.length > rows.length || dataset.inputShape.some((size) => size !== 1)) {
    const points = [...outputs]
      .slice(0, 1000)
      .map((output, i) => [targets[i] as number, output] as const);
    return scatterChart("Prediction against target", "target", [{ name: "prediction", points }], {
      note: "On the line, they are equal.",
      diagonal: true,
    });
  }
  const inputs = takeInputs(examples, rows);
  const cloud = (name: string, values: ArrayLike<number>) => ({
    name,
    points: [...inputs].map((input, i) => [input, values[i] as number] as const),
  });
  return scatterChart(
    "Targets and predictions",
    "input",
    [cloud("target", targets), cloud("prediction", outputs)],
    {
      note: `${rows.length} test examples.`,
    },
  );
}
