import { type Shape, type Window2d, windowShape } from "@bioflax/core";
import { IMAGES, orient } from "./layout";
import type { Scope } from "./scope";
import { step } from "./step";
import type { Value } from "./value";
import { imageNode, seenByTaps, sentByTaps } from "./windows";

/** Below anything an image holds, and yet a number, so that differences of two stay numbers. */
const LOWEST = -1e30;
/** The largest of what a window's elements see, from the first to each. */
function runningMaxima(scope: Scope, seen: readonly Value[]): Value[] {
  const maxima: Value[] = [];
  for (const one of seen) {
    const before = maxima.at(-1);
    maxima.push(before === undefined ? one : imageNode(scope, "Max", [before, one], one.shape));
  }
  return maxima;
}

/** The largest of each window. */
export function maxPool(scope: Scope, x: Value, window: Window2d): Value {
  return runningMaxima(scope, seenByTaps(scope, x, window, LOWEST)).at(-1) as Value;
}

/**
 * The error at x, given that at its {@link maxPool}: each element that is larger than all before it takes it from
 * those.
 */
export function maxPoolGradient(scope: Scope, x: Value, error: Value, window: Window2d): Value {
  const seen = seenByTaps(scope, x, window, LOWEST);
  const maxima = runningMaxima(scope, seen);
  const { shape } = seen[0] as Value;
  const node = (op: string, ...inputs: Value[]) => imageNode(scope, op, inputs, shape);
  const sent: Value[] = [];
  let left = orient(scope, error, IMAGES);
  for (let tap = seen.length - 1; tap > 0; tap--) {
    const lead = node("Sub", seen[tap] as Value, maxima[tap - 1] as Value);
    const isLarger = step(scope, lead);
    const taken = node("Mul", left, isLarger);
    sent.unshift(taken);
    left = node("Sub", left, taken);
  }
  return sentByTaps(scope, [left, ...sent], x.shape, window);
}

/** One over the number of pixels each window holds, padding not counted: [1, rows, columns, 1]. */
function shares(scope: Scope, input: Shape, window: Window2d): Value {
  const [, rows, columns] = windowShape("averagePool", input, window) as [number, number, number];
  const inside = (axis: 0 | 1, place: number) =>
    Array.from(
      { length: window.size[axis] },
      (_, tap) =>
        place * window.strides[axis] - window.padding[axis][0] + tap * window.dilations[axis],
    ).filter((at) => at >= 0 && at < (input[axis + 1] as number)).length;
  const values = Array.from(
    { length: rows * columns },
    (_, place) => 1 / (inside(0, Math.floor(place / columns)) * inside(1, place % columns)),
  );
  return orient(scope, scope.constant(values, [1, rows, columns, 1]), IMAGES);
}

/** The mean of each window, padding not counted. */
export function averagePool(scope: Scope, x: Value, window: Window2d): Value {
  const seen = seenByTaps(scope, x, window, 0);
  const { shape } = seen[0] as Value;
  const sum = seen.length === 1 ? (seen[0] as Value) : imageNode(scope, "Sum", seen, shape);
  return imageNode(scope, "Mul", [sum, shares(scope, x.shape, window)], shape);
}

/** The error at the input, given that at its {@link averagePool}. */
export function averagePoolGradient(
  scope: Scope,
  error: Value,
  input: Shape,
  window: Window2d,
): Value {
  const share = shares(scope, input, window);
  const part = imageNode(scope, "Mul", [orient(scope, error, IMAGES), share], error.shape);
  return sentByTaps(
    scope,
    Array.from({ length: window.size[0] * window.size[1] }, () => part),
    input,
    window,
  );
}
