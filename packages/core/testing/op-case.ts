import { Random, type Shape, sizeOf, type TensorOps } from "@bioflax/core";
import { type Definition, type TestTensor, tensor } from "./interpreter";

/** One use of one operation, on fixed random inputs. */
export interface OpCase {
  readonly name: string;
  readonly definition: Definition;
  readonly inputs: readonly TestTensor[];
}

export type Draw = (random: Random) => number;
/** Numbers of either sign. */
const anyNumber: Draw = (random) => 3 * random.normal();
/** Numbers well above 0. */
export const positive: Draw = (random) => 0.1 + 3 * random.uniform();
/** 0, 1 or 2, so that many are equal. */
export const digit: Draw = (random) => random.below(3);

/** A fixed random tensor. */
export function draw(
  seed: number,
  shape: Shape,
  from: Draw = anyNumber,
  type: "float32" | "int32" = "float32",
): TestTensor {
  const random = new Random(seed, "op-cases", ...shape);
  return tensor(
    Float32Array.from({ length: sizeOf(shape) }, () => from(random)),
    shape,
    type,
  );
}

/** Shapes as a part of a name. */
export const show = (...shapes: readonly Shape[]) => shapes.map((shape) => `[${shape}]`).join(" ");

/** A float from a comparison, since booleans never leave a definition. */
export const asFloat = <T>(ops: TensorOps<T>, condition: T) => ops.where(condition, 1, 0);
