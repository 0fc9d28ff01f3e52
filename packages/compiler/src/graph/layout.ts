import type { Operand } from "@bioflax/core";
import type { Scope } from "./scope";
import type { Value } from "./value";

/** The same matrix, lying in memory the way that is asked for. */
export function orient(scope: Scope, x: Value, transposed: boolean): Value {
  const { product: _product, scaled: _scaled, ...known } = x;
  if ((x.transposed ?? false) === transposed) return x;
  return scope.node("Transpose", [x], { ...known, transposed });
}

/** The value as the definition sees it, whatever its layout was. */
export function straight(scope: Scope, x: Value): Value {
  return orient(scope, x, false);
}

/** A vector [n], or a matrix, as an operand beside transposed matrices: a vector becomes a row, kept as a column. */
function besideTransposed(scope: Scope, x: Value): Value {
  if (x.shape.length !== 1) return x.shape.length === 0 ? x : orient(scope, x, true);
  const column = [x.shape[0] as number, 1];
  const row = { shape: column.toReversed(), type: x.type, transposed: true };
  return scope.node("Reshape", [x, scope.constant(column, [2], "int64")], row);
}

/**
 * Operands of one elementwise operation, brought into one layout: transposed if the first matrix of them is,
 * and nothing of higher rank is among them.
 *
 * Numbers become constants.
 */
export function together(
  scope: Scope,
  operands: readonly Operand<Value>[],
): { values: readonly Value[]; transposed: boolean } {
  const lifted = operands.map((x) => (typeof x === "number" ? scope.constant([x], []) : x));
  const matrices = lifted.every(({ shape }) => shape.length <= 2);
  const first = lifted.find(({ shape }) => shape.length === 2);
  const transposed = matrices && (first?.transposed ?? false);
  return {
    values: lifted.map((x) => (transposed ? besideTransposed(scope, x) : straight(scope, x))),
    transposed,
  };
}
