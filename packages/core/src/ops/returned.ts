import { BioflaxError } from "../errors";
import { showValue } from "../show-value";
import { sameShape, showShape } from "./shapes";
import type { Shape, TensorOps } from "./tensor-ops";

/**
 * What a definition's function returned, known to be a tensor of the shape that it should have: one of another shape might
 * be broadcast, and give other numbers in silence, and none at all would fail in the middle of an engine.
 *
 * @param who whose function it is, and which: `Rule "mine": transport`.
 * @throws BioflaxError for anything else, with what it is and what it should be.
 */
export function returned<T>(ops: TensorOps<T>, value: T, shape: Shape, who: string): T {
  const received: unknown =
    typeof value === "object" && value !== null ? ops.shape(value) : undefined;
  if (Array.isArray(received) && sameShape(received, shape)) return value;
  throw new BioflaxError(
    `${who}: expected it to return a tensor of the shape ${showShape(shape)}, received ${
      Array.isArray(received) ? `one of ${showShape(received)}` : showValue(value)
    }.`,
  );
}
