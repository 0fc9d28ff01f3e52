import type { Shape, TensorOps } from "@bioflax/core";
import { toModel } from "../graph/model";
import { onnxOps } from "../graph/onnx-ops";
import { Scope } from "../graph/scope";
import { unsupportedOpsOf } from "./devices";
import { hostTensor } from "./runtime";
import { createSession, type SessionOptions } from "./session";

/** The shape and type of one argument of a compiled function. */
export interface ArgumentType {
  readonly shape: Shape;
  /** `float32` when left out; `int32` for labels. */
  readonly type?: "float32" | "int32";
}

/** A function compiled to one ONNX graph. */
export interface CompiledFunction {
  /** Runs it. @returns each result's values, row-major, with its shape. */
  run(
    inputs: readonly (Float32Array | Int32Array)[],
  ): Promise<{ shape: Shape; data: Float32Array }[]>;
  /** Frees it. */
  release(): Promise<void>;
}

/**
 * Compiles any computation over the vocabulary into one ONNX graph.
 *
 * @param definition from tensors to float tensors, for example a network's forward pass.
 * @param inputs what it is given.
 * @example
 * const double = await compile((ops, [x]) => [ops.mul(x, 2)], [{ shape: [3] }]);
 * const [{ data }] = await double.run([Float32Array.of(1, 2, 3)]); // 2, 4, 6
 */
export async function compile(
  definition: <T>(ops: TensorOps<T>, inputs: readonly T[]) => readonly T[],
  inputs: readonly ArgumentType[],
  options: SessionOptions = {},
): Promise<CompiledFunction> {
  const scope = new Scope(undefined, { unsupportedOps: unsupportedOpsOf[options.device ?? "cpu"] });
  const values = inputs.map(({ shape, type }, i) => scope.input(`input_${i}`, shape, type));
  const outputs = definition(onnxOps(scope), values);
  // ONNX Runtime 1.30, taking a factor into one of several products that read it, takes it away from the others.
  const session = await createSession(toModel(scope, outputs), { ...options, keepsFactors: true });
  return {
    async run(arrays) {
      const feeds = await Promise.all(
        inputs.map(({ type = "float32", shape }, i) =>
          hostTensor({ type, data: arrays[i] as Float32Array, shape }),
        ),
      );
      const results = await session.run(
        Object.fromEntries(values.map(({ name }, i) => [name, feeds[i] as (typeof feeds)[number]])),
      );
      return results.map(({ dims, data }) => ({ shape: dims, data: data as Float32Array }));
    },
    release: () => session.release(),
  };
}
