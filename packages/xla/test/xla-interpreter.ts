import type { Interpreter } from "@bioflax/core/testing";
import { findPlugin, loadPlugin, type PjrtClient } from "@bioflax/pjrt";
import { describe } from "@jest/globals";
import { compile } from "../src/index";

/** The plugin for the processor; empty where it is not installed. */
const cpuPlugin = findPlugin("cpu") ?? "";

/** For tests that need it. */
export const wherePlugin = cpuPlugin === "" ? describe.skip : describe;

if (cpuPlugin === "")
  process.stderr.write(
    "\nTests on XLA are skipped: `node packages/pjrt/bin/pjrt.js install cpu` gets its plugin for the processor.\n",
  );

/** A client of it. */
export const cpuClient = (): Promise<PjrtClient> => loadPlugin(cpuPlugin).createClient();

/** Runs definitions as programs of XLA. */
export function xlaInterpreter(client: () => PjrtClient): Interpreter {
  return {
    name: "XLA",
    async run(definition, inputs) {
      const compiled = await compile(client(), definition, inputs);
      const arrays = inputs.map(({ data, type }) =>
        type === "int32" ? Int32Array.from(data) : Float32Array.from(data),
      );
      const results = await compiled.run(arrays);
      compiled.destroy();
      return results.map(({ shape, data }) => ({ shape, data: [...data] }));
    },
  };
}
