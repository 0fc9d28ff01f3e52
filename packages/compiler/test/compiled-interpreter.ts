import type { Interpreter } from "@bioflax/core/testing";
import { compile, type SessionOptions } from "../src/index";

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
