import { type Dataset, takeInputs, takeTargets } from "@bioflax/datasets";
import type { TestSet } from "@bioflax/report";
import { isPicture, png } from "../base/png";

const made = new WeakMap<Dataset, TestSet>();

/** The test set of a data set as a report shows it; the same for the same data set. */
export function testSetOf(dataset: Dataset): TestSet {
  const known = made.get(dataset) ?? makeTestSet(dataset);
  made.set(dataset, known);
  return known;
}

function makeTestSet(dataset: Dataset): TestSet {
  const { task, imageShape, outputs, classNames, inputShape, test } = dataset;
  const isOneNumber = inputShape.every((size) => size === 1);
  const pictureOf = pictures(dataset);
  return {
    task,
    outputs,
    ...(imageShape && { imageShape }),
    ...(classNames && { classNames }),
    targets: takeTargets(test.examples, test.indices),
    ...(isOneNumber && { inputs: takeInputs(test.examples, test.indices) }),
    ...(pictureOf && { pictureOf }),
  };
}

/** What makes a test image a URL; undefined where the inputs are no images that can be shown. */
function pictures({ imageShape, test }: Dataset): TestSet["pictureOf"] {
  const { inputs, count } = test.examples;
  if (!(inputs instanceof Uint8Array) || imageShape === undefined || !isPicture(imageShape))
    return undefined;
  const size = inputs.length / count;
  return (row) => {
    const index = test.indices[row] as number;
    const picture = png(inputs.subarray(index * size, (index + 1) * size), imageShape);
    return `data:image/png;base64,${picture.toString("base64")}`;
  };
}
