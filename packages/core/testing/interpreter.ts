import { float64Tensor, referenceOps, type Shape, type TensorOps } from "@bioflax/core";

/** Test data: row-major numbers, with the type an engine should hold them in. */
export interface TestTensor {
  readonly shape: Shape;
  readonly data: readonly number[];
  /** `float32` when left out. */
  readonly type?: "float32" | "int32";
}

/** Any computation over the vocabulary: tensors in, float tensors out. */
export type Definition = <T>(ops: TensorOps<T>, inputs: readonly T[]) => readonly T[];

/** A way to run definitions, as the conformance tests see one. */
export interface Interpreter {
  readonly name: string;
  run(definition: Definition, inputs: readonly TestTensor[]): Promise<TestTensor[]>;
}

/** The float64 interpreter. */
export const referenceInterpreter: Interpreter = {
  name: "reference",
  async run(definition, inputs) {
    const outputs = definition(
      referenceOps,
      inputs.map(({ data, shape }) => float64Tensor(data, shape)),
    );
    return outputs.map(({ data, shape }) => ({ shape, data: [...data] }));
  },
};

/** A test tensor. */
export function tensor(
  data: Iterable<number>,
  shape: Shape,
  type: "float32" | "int32" = "float32",
): TestTensor {
  return { shape, data: [...data], type };
}

/**
 * The largest difference between two results, relative to the largest magnitude expected (at least 10⁻³ of 1).
 *
 * @throws Error when the shapes differ.
 */
export function relativeError(received: TestTensor, expected: TestTensor): number {
  if (JSON.stringify(received.shape) !== JSON.stringify(expected.shape)) {
    throw new Error(`expected shape [${expected.shape}], received [${received.shape}]`);
  }
  const scale = expected.data.reduce((largest, x) => Math.max(largest, Math.abs(x)), 1e-3);
  return expected.data.reduce((worst, x, i) => {
    const difference = Math.abs((received.data[i] as number) - x) / scale;
    return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(worst, difference);
  }, 0);
}
