import type { Interpreter } from "@bioflax/core/testing";
import { findPlugin, loadPlugin, type PjrtClient } from "@bioflax/pjrt";
import { afterAll, beforeAll, describe } from "@jest/globals";
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

/** Tests that share a client of it. */
export const withClient = (name: string, tests: (client: () => PjrtClient) => void): void =>
  wherePlugin(name, () => {
    let client: PjrtClient;
    beforeAll(async () => {
      client = await cpuClient();
    });
    afterAll(() => client.destroy());
    tests(() => client);
  });

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
