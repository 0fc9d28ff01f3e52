import { sentence, showValue } from "@bioflax/core";
import { type InputArray, inputError } from "@bioflax/datasets/node";

/** More axes than any input has. */
const DEEPEST = 16;

/**
 * The numbers of a JSON text: an array of numbers for one example, or arrays of them, as deep as the example's shape.
 *
 * @throws BioflaxError for anything else, and for arrays that are not all of the same length.
 */
export function readJson(text: string, name: string): InputArray {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw inputError(name, `expected JSON, but ${sentence((error as Error).message)}`);
  }
  const shape: number[] = [];
  for (let one = value; Array.isArray(one); one = one[0]) shape.push(one.length);
  if (shape.length === 0)
    throw inputError(
      name,
      "expected an array of numbers, such as [0.1, 0.2], or an array of such arrays, received something else.",
    );
  if (shape.length > DEEPEST)
    throw inputError(
      name,
      `expected arrays of a network's inputs, received ${shape.length} of them inside each other.`,
    );
  const numbers: number[] = [];
  const collect = (one: unknown, depth: number): void => {
    if (depth === shape.length) {
      if (typeof one !== "number")
        throw inputError(
          name,
          `expected numbers in arrays of the same depth, received ${showValue(one)}.`,
        );
      numbers.push(one);
    } else if (!Array.isArray(one) || one.length !== shape[depth]) {
      throw inputError(
        name,
        `expected arrays of the same length, ${shape[depth]} at depth ${depth + 1}, ` +
          `received ${Array.isArray(one) ? `one of ${one.length}` : "something else"}.`,
      );
    } else {
      for (const inner of one) collect(inner, depth + 1);
    }
  };
  collect(value, 0);
  return { shape, values: Float32Array.from(numbers) };
}
