import { sameShape, sizeOf } from "@bioflax/core";
import { relabel, stackOf } from "../../graph/layout";
import { onnxOps } from "../../graph/onnx-ops";
import type { Scope } from "../../graph/scope";
import { storedShape, type Value } from "../../graph/value";

/** How many numbers a loss sums at most for those of all steps to be brought together: more would take long to copy. */
const FEW = 2 ** 12;
/** Sums that begin where vector registers do come to the same bits by themselves and among others. */
const ALIGNED = 16;

/**
 * The losses of an iteration's steps: a number a step, or one for each replica.
 *
 * Few numbers are summed for all steps at once: three nodes where there were as many a step.
 */
export function lossesOf(scope: Scope, losses: readonly Value[]): Value {
  const totals = losses.flatMap(({ total }) => total ?? []);
  const [first] = totals;
  if (first === undefined || totals.length < losses.length) return stackOf(scope, losses);
  const size = sizeOf(first.numbers.shape);
  const areAlike = totals.every(
    ({ numbers, factor }) =>
      sameShape(storedShape(numbers), storedShape(first.numbers)) && factor === first.factor,
  );
  if (losses.length === 1 || !areAlike || size > FEW || size % ALIGNED > 0)
    return stackOf(scope, losses);
  // As they lie: a sum takes them in any order, and with their own axes they need no node of their own.
  const lying = totals.map(({ numbers }) => relabel(scope, numbers, storedShape(numbers)));
  const [rows = 0, ...others] = storedShape(first.numbers);
  const together = scope.node(
    "Concat",
    lying,
    { shape: [rows * lying.length, ...others], type: "float32" },
    { axis: { int: 0 } },
  );
  const ops = onnxOps(scope);
  const sums = ops.sum(relabel(scope, together, [lying.length, size]), [1]);
  return ops.mul(sums, first.factor);
}
