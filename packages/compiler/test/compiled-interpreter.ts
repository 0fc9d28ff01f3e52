import type { Interpreter } from "@bioflax/core/testing";
import { toModel } from "../src/graph/model";
import { onnxOps } from "../src/graph/onnx-ops";
import { Scope } from "../src/graph/scope";
import { compile, type SessionOptions } from "../src/index";
import { blockSize } from "../src/runtime/block-use";
import { hostTensor } from "../src/runtime/runtime";
import { createSession } from "../src/runtime/session";

/** Runs definitions as ONNX graphs. */
export function compiledInterpreter(options: SessionOptions = {}): Interpreter {
  return {
    name: `compiled, graph optimisation ${options.graphOptimization ?? "all"}`,
    async run(definition, inputs) {
      const compiled = await compile(definition, inputs, options);
      const arrays = inputs.map(({ data, type }) =>
        type === "int32" ? Int32Array.from(data) : Float32Array.from(data),
      );
      const results = await compiled.run(arrays);
      await compiled.release();
      return results.map(({ shape, data }) => ({ shape, data: [...data] }));
    },
  };
}

/** Runs definitions as ONNX graphs in which every product of matrices is one in blocks, however small. */
export function blockedInterpreter(): Interpreter {
  return {
    name: "compiled, in blocks",
    async run(definition, inputs) {
      const size = (await blockSize()) as number;
      const blocks = { size, fewest: 0, mostPadding: Number.POSITIVE_INFINITY };
      const scope = new Scope(undefined, { blocks });
      const values = inputs.map(({ shape, type }, i) => scope.input(`input_${i}`, shape, type));
      const outputs = definition(onnxOps(scope), values);
      const session = await createSession(toModel(scope, outputs));
      const feeds = await Promise.all(
        inputs.map(({ data, shape, type = "float32" }) =>
          hostTensor({
            type,
            data: type === "int32" ? Int32Array.from(data) : Float32Array.from(data),
            shape,
          }),
        ),
      );
      const results = await session.run(Object.fromEntries(feeds.map((x, i) => [`input_${i}`, x])));
      await session.release();
      return results.map(({ dims, data }) => ({ shape: dims, data: [...(data as Float32Array)] }));
    },
  };
}
