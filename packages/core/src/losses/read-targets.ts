import { BioflaxError } from "../errors";
import { sameShape, showShape, sizeOf } from "../ops/shapes";
import type { Shape } from "../ops/tensor-ops";
import type { Loss } from "./loss";
import { losses } from "./registry";
import { describeKind, type TargetForm, type TargetKind, targetKinds } from "./target-kinds";

/** Targets as they are given to an engine. */
export interface GivenTargets {
  /** Type of their elements, as TensorFlow.js calls it. */
  readonly type: string;
  /** [...leading, of one target]. */
  readonly shape: Shape;
  /** Row-major; without them only type and shape are looked at. */
  readonly values?: ArrayLike<number> | undefined;
}

/** Types of elements that are numbers; true counts as 1. */
const NUMBERS: readonly string[] = ["int32", "float32", "bool"];

/**
 * The kind whose shape some targets have, of those a loss takes: of several, the first. Rows of several axes may lie in
 * one.
 */
function kindOf(loss: Loss, { shape }: GivenTargets, leading: Shape, outputs: number) {
  return loss.targets
    .map((name): TargetKind => targetKinds[name])
    .find((kind) =>
      [leading, [sizeOf(leading)]].some((rows) =>
        kind.shapes(rows, outputs).some((fitting) => sameShape(fitting, shape)),
      ),
    );
}

/** The losses that take some targets, but for the one that does not. */
function takersOf(given: GivenTargets, leading: Shape, outputs: number): readonly string[] {
  const { values } = given;
  if (values === undefined || values.length === 0) return [];
  return [...losses].flatMap((loss) => {
    const kind = kindOf(loss, given, leading, outputs);
    return kind === undefined || kind.problem(values, outputs) !== undefined ? [] : [loss.name];
  });
}

/**
 * How a loss reads targets: the one place that decides which targets a loss takes, for every engine.
 *
 * A target's kind follows from its shape, and its values have to be of that kind: see `docs/targets.md`.
 *
 * @param given the targets, of any number of examples.
 * @param outputShape the shape of the outputs they are for, [...leading, outputs].
 * @returns whether they are to be read as class numbers, int32 [rows], or as rows, float32 [rows, outputs].
 * @throws BioflaxError when there is none, or the loss takes no such targets: with what it got, what it takes, and the
 *   losses that take what it got.
 */
export function readTargets(loss: Loss, given: GivenTargets, outputShape: Shape): TargetForm {
  const { type, shape, values } = given;
  const leading = outputShape.slice(0, -1);
  const outputs = outputShape.at(-1) as number;
  const isNumber = NUMBERS.includes(type);
  const kind = isNumber ? kindOf(loss, given, leading, outputs) : undefined;
  const problem = values && kind?.problem(values, outputs);
  if (leading.includes(0))
    throw new BioflaxError(`Loss "${loss.name}": expected at least one example, received none.`);
  if (kind !== undefined && problem === undefined) return kind.form;
  const taken = loss.targets.map((name) => describeKind(targetKinds[name], leading, outputs));
  const takers = isNumber ? takersOf(given, leading, outputs) : [];
  const wrong = isNumber ? problem : `of type ${type}`;
  throw new BioflaxError(
    `Loss "${loss.name}": expected ${taken.join("; or ")}, for an output of shape ${showShape(outputShape)}, received a target of ` +
      `shape ${showShape(shape)}${wrong === undefined ? "" : ` ${wrong}`}.` +
      (takers.length === 0 ? "" : ` Such targets are for ${takers.join(" or ")}.`),
  );
}

/**
 * Checks what examples are weighted by.
 *
 * @param count how many examples there are.
 * @throws BioflaxError unless there is a finite number from 0 for each.
 */
export function checkSampleWeights(weights: ArrayLike<number>, count: number): void {
  const wrong = Array.from(weights).findIndex(
    (weight) => !(Number.isFinite(weight) && weight >= 0),
  );
  if (weights.length === count && wrong < 0) return;
  throw new BioflaxError(
    `Sample weights: expected a finite number from 0 for each of ${count} examples, received ` +
      `${wrong < 0 ? `${weights.length} of them` : `${weights[wrong]} for example ${wrong}`}.`,
  );
}
