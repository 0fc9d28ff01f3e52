import type { ArgumentType } from "@bioflax/compiler";
import type { Shape, TensorOps } from "@bioflax/core";
import type { PjrtClient } from "@bioflax/pjrt";
import { targetOf } from "./place";
import { bufferType, createProgram } from "./stablehlo/program";
import { stablehloOps } from "./stablehlo/stablehlo-ops";

/** A function compiled by XLA. */
export interface CompiledFunction {
  /** Runs it. @returns each result's values, row-major, with its shape. */
  run(
    inputs: readonly (Float32Array | Int32Array)[],
  ): Promise<{ shape: Shape; data: Float32Array }[]>;
  /** Frees it. */
  destroy(): void;
}

/**
 * Compiles any computation over the vocabulary with XLA.
 *
 * @param definition from tensors to float tensors, for example a network's forward pass.
 * @param inputs what it is given.
 * @example
 * const double = await compile(client, (ops, [x]) => [ops.mul(x, 2)], [{ shape: [3] }]);
 * const [{ data }] = await double.run([Float32Array.of(1, 2, 3)]); // 2, 4, 6
 */
export async function compile(
  client: PjrtClient,
  definition: <T>(ops: TensorOps<T>, inputs: readonly T[]) => readonly T[],
  inputs: readonly ArgumentType[],
): Promise<CompiledFunction> {
  const program = createProgram(
    "definition",
    (block, declare) => {
      const given = inputs.map(({ shape, type }, i) => declare(`${i}`, shape, type));
      return definition(stablehloOps(block), given);
    },
    targetOf({ client }),
  );
  const executable = await client.compile(program.text);
  return {
    async run(arrays) {
      const buffers = await Promise.all(
        program.arguments.map(({ shape, ...argument }, i) =>
          client.buffer(arrays[i] as Float32Array, { shape, type: bufferType(argument) }),
        ),
      );
      const results = await executable.execute(buffers);
      const read = await Promise.all(
        results.map(async (result) => ({
          shape: result.shape,
          data: (await result.toHost<"f32">()) as Float32Array,
        })),
      );
      for (const buffer of [...buffers, ...results]) buffer.destroy();
      return read;
    },
    destroy: () => executable.destroy(),
  };
}
