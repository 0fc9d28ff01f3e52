import { CompiledNetwork } from "@bioflax/compiler";
import { createNetwork, createTrainable, type NetworkSpec } from "@bioflax/core";
import type { EagerDeviceName } from "@bioflax/layers/node";
import { useDevice } from "@bioflax/layers/node";
import { describe, expect, test } from "@jest/globals";
import { testReplicas } from "../../../../compiler/test/replica-network-tests";
import type { EngineSetup } from "../engine";
import { eagerReplicas, trainsBestAsOne } from "./eager-replicas";

const hasTensorflow = Boolean(process.env.BIOFLAX_TENSORFLOW);
const devices: readonly EagerDeviceName[] = [
  "wasm",
  "cpu",
  ...(hasTensorflow ? ["tensorflow" as const] : []),
];

describe.each(devices)(
  "replicas that train as one on %s, beside networks of the compiled engine",
  (name) => {
    testReplicas({
      async createReplicas({ replicas, layout, ...rest }) {
        const split = {
          examples: { inputs: new Float32Array(), targets: new Int32Array(), count: 0 },
          indices: new Int32Array(),
        };
        const dataset = {
          ...layout,
          name: "random",
          task: "classification",
          outputs: 4,
          train: split,
          test: split,
        };
        const setups = replicas.map(
          (own) => ({ ...own, ...rest, dataset }) as unknown as EngineSetup,
        );
        return eagerReplicas(await useDevice(name, { threads: 2 }), setups);
      },
      create: (setup) => CompiledNetwork.create({ ...setup, threads: 1 }),
      rules: name === "wasm" ? ["kp", "brsf", "dfa"] : ["kp"],
      seeds: [3, 0],
      rest: 5,
    });
  },
);
