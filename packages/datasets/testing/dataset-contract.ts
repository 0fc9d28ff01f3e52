import {
  classCount,
  type Dataset,
  type DatasetDefinition,
  type DatasetOptions,
  type Split,
} from "@bioflax/datasets";
import { datasets } from "@bioflax/datasets/node";

const tasks = {
  labels: "classification",
  binary: "classification",
  "multi-label": "multi-label",
  values: "regression",
} as const satisfies { readonly [T in DatasetDefinition["targets"]]: Dataset["task"] };

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

/** @throws Error unless it holds. */
function ensure(holds: boolean, who: string, problem: string): asserts holds {
  if (!holds) throw new Error(`${who} breaks its contract: ${problem}`);
}

/** One part of a data set: as many numbers as its shapes say, finite, and targets of their kind. */
function checkSplit(who: string, part: string, split: Split, data: Dataset): void {
  const { inputs, targets, count } = split.examples;
  const width = sizeOf(data.inputShape);
  ensure(
    inputs.length === count * width,
    who,
    `its ${part} examples have ${inputs.length} input numbers, expected ${count} × ${width}.`,
  );
  const height = data.task === "classification" ? 1 : sizeOf(data.targetShape);
  ensure(
    targets.length === count * height,
    who,
    `its ${part} examples have ${targets.length} target numbers, expected ${count} × ${height}.`,
  );
  ensure(split.indices.length > 0, who, `its ${part} part holds no examples.`);
  const outside = split.indices.find((row) => !(row >= 0 && row < count));
  ensure(
    outside === undefined,
    who,
    `its ${part} part has the row ${outside} of ${count} examples.`,
  );
  const infinite = [...inputs, ...targets].find((x) => !Number.isFinite(x));
  ensure(infinite === undefined, who, `its ${part} examples hold ${infinite}.`);
  const classes = classCount(data);
  const most = data.task === "classification" ? classes - 1 : 1;
  if (data.task === "regression") return;
  const wrong = [...targets].find((x) => !(Number.isInteger(x) && x >= 0 && x <= most));
  ensure(
    wrong === undefined,
    who,
    `its ${part} targets hold ${wrong}, expected whole numbers from 0 to ${most}.`,
  );
}

/** An input that is no number of a symbol, if there is one. */
const strangeSymbol = ({ train, validation = train, test }: Dataset, symbols: number) =>
  [train, validation, test]
    .flatMap(({ examples }) => [...examples.inputs])
    .find((x) => !(Number.isInteger(x) && x >= 0 && x < symbols));

/**
 * What every data set has to be: of the task, images, classes and size that its definition says, with examples of the
 * shapes that it says itself, and the same ones again for the same options.
 *
 * @param definition which is added to the registry `datasets`.
 * @param options what it is loaded with: `directory`, where it comes in files. It is loaded small where it is drawn.
 * @throws Error saying what is wrong with it.
 */
export async function datasetContract(
  definition: DatasetDefinition,
  options: DatasetOptions = {},
): Promise<void> {
  datasets.add(definition);
  const { name, targets, images, symbols, classes, exampleSize, shows } = definition;
  const who = `The data set "${name}"`;
  const given = { batchSize: 5, trainSetSize: 4, testSetSize: 2, ...options };
  const data = await definition.load(given);
  ensure(/^[a-zA-Z]/.test(shows), who, `it shows "${shows}", expected a few words.`);
  ensure(
    data.task === tasks[targets],
    who,
    `its task is ${data.task}, expected ${tasks[targets]}, as its targets are ${targets}.`,
  );
  ensure(
    (data.outputs === 1 && data.task === "classification") === (targets === "binary"),
    who,
    `it needs ${data.outputs} outputs, and its targets are ${targets}: one output is for binary ones.`,
  );
  ensure(
    (data.imageShape !== undefined) === (images !== undefined),
    who,
    `its examples ${data.imageShape === undefined ? "are no" : "are"} images, and its definition says ${images === undefined ? "they are not" : "they are"}.`,
  );
  ensure(
    (data.symbols !== undefined) === (symbols === true),
    who,
    `its inputs are ${data.symbols === undefined ? "no " : ""}numbers of symbols, and its definition says ${symbols ? "they are" : "they are not"}.`,
  );
  const strange = data.symbols === undefined ? undefined : strangeSymbol(data, data.symbols);
  ensure(
    strange === undefined,
    who,
    `its inputs hold ${strange}, expected whole numbers from 0 to below its ${data.symbols} symbols.`,
  );
  ensure(
    typeof images !== "object" || data.imageShape?.[2] === images[2],
    who,
    `its images have ${data.imageShape?.[2]} channels, and its definition says [${images}].`,
  );
  ensure(
    data.imageShape === undefined || sizeOf(data.imageShape) === sizeOf(data.inputShape),
    who,
    `its inputs of [${data.inputShape}] are no images of [${data.imageShape}].`,
  );
  ensure(
    classes === undefined || classCount(data) === classes,
    who,
    `it has ${classCount(data)} classes, and its definition says ${classes}.`,
  );
  ensure(
    data.classNames === undefined || data.classNames.length === data.outputs,
    who,
    `it names ${data.classNames?.length} classes of ${data.outputs}.`,
  );
  checkSplit(who, "training", data.train, data);
  if (data.validation) checkSplit(who, "validation", data.validation, data);
  checkSplit(who, "test", data.test, data);
  const perExample =
    sizeOf(data.inputShape) + (data.targetShape.length > 0 ? sizeOf(data.targetShape) : 0);
  const said = exampleSize?.(given);
  ensure(
    said === undefined || said === perExample,
    who,
    `an example has ${perExample} numbers, and its definition says ${said}.`,
  );
  const again = await definition.load(given);
  const numbers = ({ train, test }: Dataset) =>
    JSON.stringify(
      [train, test].map(({ examples, indices }) =>
        [examples.inputs, examples.targets, indices].map((values) => Array.from(values)),
      ),
    );
  ensure(numbers(data) === numbers(again), who, "the same options load other examples.");
}
