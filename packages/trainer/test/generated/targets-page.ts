import {
  BioflaxError,
  getLoss,
  type LossName,
  losses,
  readTargets,
  type Shape,
} from "@bioflax/core";
import { loss as layersLoss } from "@bioflax/layers";
import * as tf from "@tensorflow/tfjs";
import { type Page, table, withPart } from "./page";

/** Outputs of four examples: of several units, and of one (tensorflow#41413). */
export const several = [2, 1, -1, 0.5, -0.5, 3, -2, 0, 1, 0.25, 1.5, -0.75];
const single = [-3, 3, 2, -2];

/** A target of each kind a user may come with: what it is, the shape of one, and those of four examples. */
export interface Given {
  readonly what: string;
  readonly shape: Shape;
  readonly values: readonly number[];
}
const given = (what: string, shape: Shape, ...values: number[]): Given => ({ what, shape, values });

export const forSeveral = [
  given("class numbers", [], 0, 2, 1, 1),
  given("class numbers in a column", [1], 0, 2, 1, 1),
  given("one-hot rows", [3], 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 0),
  given("probabilities of classes", [3], 0.7, 0.2, 0.1, 0.4, 0.35, 0.25, 0, 0.5, 0.5, 1, 0, 0),
  given("multi-hot rows", [3], 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1),
  given("rows some of which are zeros", [3], 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0),
  given("probabilities of labels", [3], 0.9, 0.2, 0.7, 0, 1, 0.5, 0.1, 0.1, 0.1, 1, 1, 0.25),
  given("real numbers", [3], 0.5, -2, 3.25, 1, 0, -1, 4, 0.125, 2, 1, 1, -7),
  given("a class number too large", [], 0, 3, 1, 1),
  given("a class number below 0", [], 0, -1, 1, 1),
  given("a class number that is not whole", [], 0, 1.5, 1, 1),
  given("a class number that is NaN", [], 0, Number.NaN, 1, 1),
  given("rows with a NaN", [3], 1, 0, 0, 0, Number.NaN, 0, 0, 1, 0, 0, 1, 0),
  given("rows with an infinity", [3], 1, 0, 0, 0, Number.POSITIVE_INFINITY, 0, 0, 1, 0, 0, 1, 0),
  given("rows of another number of outputs", [2], 1, 0, 0, 1, 1, 0, 0, 1),
];
const forSingle = [
  given("0 or 1", [], 0, 1, 1, 0),
  given("0 or 1 in a column", [1], 0, 1, 1, 0),
  given("probabilities in a column", [1], 0.1, 0.9, 0.5, 0),
  given("real numbers in a column", [1], -3.5, 2, 0.5, 12),
  given("0, 1 and 2 in a column", [1], 0, 1, 2, 0),
  given("a NaN in a column", [1], 0, Number.NaN, 1, 0),
  given("rows of another number of outputs", [2], 1, 0, 0, 1, 1, 0, 0, 1),
];

/** Whether int32 can hold it. */
const isWhole = ({ values }: Given) => values.every(Number.isInteger);
export const cells = (losses.names() as LossName[]).flatMap((loss) =>
  (
    [
      [several, forSeveral],
      [single, forSingle],
    ] as const
  ).flatMap(([outputs, kinds]) =>
    kinds.flatMap((kind) =>
      (isWhole(kind) ? (["float32", "int32"] as const) : (["float32"] as const)).map((type) => ({
        loss,
        outputs,
        kind,
        type,
      })),
    ),
  ),
);
export type Cell = (typeof cells)[number];

/** What came of a cell: the message of its refusal, or the loss and what a step takes from the biases. */
export type Outcome = string | readonly number[];

/** What came of something that may be refused: the message, or the numbers. */
export async function outcome(run: () => Promise<readonly number[]>): Promise<Outcome> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof BioflaxError) return error.message;
    throw error;
  }
}

/**
 * A cell by `loss()` on TensorFlow.js: the loss of its targets, and the gradient at each output, summed over the
 * examples.
 */
export const throughLoss = ({ loss, outputs, kind, type }: Cell) =>
  outcome(async () =>
    tf.tidy(() => {
      const output = tf.tensor([...outputs], [4, outputs.length / 4]);
      const target = tf.tensor([...kind.values], [4, ...kind.shape], type);
      const { value, grad } = tf.valueAndGrad((y) => layersLoss(loss)(target, y))(output);
      return [value.dataSync()[0]!, ...tf.sum(grad, 0).dataSync()];
    }),
  );

function tables(tried: ReadonlyMap<Cell, Outcome>): string {
  const names = losses.names() as LossName[];
  const head = ["targets", "shape of an example's", ...names.map((name) => `\`${name}\``)];
  const tableOf = (kinds: readonly Given[]) =>
    table(
      head,
      kinds.map((kind) => [
        kind.what,
        `[${kind.shape.join(", ")}]`,
        ...names.map((name) => [...new Set(ofCell(tried, name, kind))].join("; ")),
      ]),
    );
  return `Of three outputs:\n\n${tableOf(forSeveral)}\n\nOf one output:\n\n${tableOf(forSingle)}`;
}

/** What came of a kind of targets under a loss, for each type: taken as what, or why not. */
function ofCell(
  tried: ReadonlyMap<Cell, Outcome>,
  name: LossName,
  kind: Given,
): string[] {
  return cells
    .filter((cell) => cell.loss === name && cell.kind === kind)
    .map((cell) => {
      const result = tried.get(cell)!;
      if (typeof result === "string")
        return `refused${/received a target of shape \[[^\]]*\] (.*?)\.( Such|$)/.exec(result)?.[1]?.replace(/^/, ": ") ?? ": its shape"}`;
      const units = cell.outputs.length / 4;
      const form = readTargets(getLoss(name), { type: cell.type, shape: [4, ...kind.shape] }, [
        4,
        units,
      ]);
      return form === "labels" ? "yes, one-hot" : "yes, as they are";
    });
}


/** docs/targets.md: what came of every kind of targets under every loss. */
export const targetsPage: Page = {
  path: "docs/targets.md",
  async generate(present) {
    const tried = new Map<Cell, Outcome>();
    for (const cell of cells) tried.set(cell, await throughLoss(cell));
    return withPart(present, "targets", tables(tried));
  },
};
