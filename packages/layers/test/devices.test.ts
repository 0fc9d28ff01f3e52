import { BioflaxError } from "@bioflax/core";
import { describe, expect, test } from "@jest/globals";
import { type EagerHost, startEagerDevice } from "./eager-devices";

/** A machine with the given packages, and a TensorFlow.js that accepts every backend. */
function machine(
  packages: Record<string, object>,
  { nodeMajor = 20, gpu = false } = {},
): EagerHost & { backend: () => string } {
  let backend = "";
  const tfjs = {
    version: { tfjs: "4.0.0" },
    enableProdMode: () => {},
    ready: async () => {},
    setBackend: async (name: string) => {
      backend = name;
      return true;
    },
    backend: () => ({ isUsingGpuDevice: gpu }),
  };
  const all: Record<string, object> = { "@tensorflow/tfjs": tfjs, ...packages };
  return {
    nodeMajor,
    env: {},
    backend: () => backend,
    async load(name) {
      if (all[name] === undefined)
        throw new Error(`Cannot find package '${name}'\nimported from somewhere`);
      return all[name];
    },
  };
}

const wasm = { "@tensorflow/tfjs-backend-wasm": { version_wasm: "4.1.0" } };
const node = { "@tensorflow/tfjs-node": { version: { "tfjs-node": "4.2.0" } } };
const nodeGpu = { "@tensorflow/tfjs-node-gpu": { version: { "tfjs-node": "4.3.0" } } };

describe("auto takes the fastest device that is really there", () => {
  test.each([
    ["nothing native", machine(wasm), "wasm", "wasm"],
    ["not even wasm", machine({}), undefined, undefined],
    ["tfjs-node", machine({ ...wasm, ...node }), "tensorflow", "tensorflow"],
    [
      "tfjs-node-gpu with a GPU",
      machine({ ...wasm, ...node, ...nodeGpu }, { gpu: true }),
      "tensorflow-gpu",
      "tensorflow",
    ],
    ["tfjs-node-gpu without a GPU", machine({ ...wasm, ...nodeGpu }), "wasm", "wasm"],
    ["tfjs-node on Node 23", machine({ ...wasm, ...node }, { nodeMajor: 23 }), "wasm", "wasm"],
  ])("%s", async (_name, host, device, backend) => {
    if (device === undefined) {
      // wasm is a dependency: that it is missing is a broken installation, and not hidden by falling back.
      await expect(startEagerDevice("auto", undefined, host)).rejects.toThrow("tfjs-backend-wasm");
      return;
    }
    expect((await startEagerDevice("auto", undefined, host)).name).toBe(device);
    expect(host.backend()).toBe(backend);
  });
});

describe("a device that is not there says how to get it", () => {
  test.each([
    [
      "tensorflow",
      machine(wasm),
      "@tensorflow/tfjs-node could not be loaded (Cannot find package '@tensorflow/tfjs-node'). It is optional: `npm install @tensorflow/tfjs-node` adds it",
    ],
    ["tensorflow-gpu", machine(wasm), "`npm install @tensorflow/tfjs-node-gpu` adds it"],
    ["tensorflow-gpu", machine(nodeGpu), "@tensorflow/tfjs-node-gpu found no GPU it can use."],
    [
      "tensorflow",
      machine(node, { nodeMajor: 24 }),
      "@tensorflow/tfjs-node does not work on Node 24",
    ],
    [
      "tpu",
      machine(wasm),
      '--device: the eager engine has no device "tpu"; it runs on: tensorflow-gpu, tensorflow, wasm, cpu (or auto)',
    ],
    ["toString", machine(wasm), 'no device "toString"'],
  ])("%s", async (device, host, text) => {
    const started = startEagerDevice(device, undefined, host);
    await expect(started).rejects.toThrow(BioflaxError);
    await expect(started).rejects.toThrow(text);
  });
});

test("threads are TensorFlow's library's to use; the other devices have one", async () => {
  const host = machine({ ...wasm, ...node });
  await startEagerDevice("tensorflow", 3, host);
  expect(host.env.TF_NUM_INTRAOP_THREADS).toBe("3");
  expect(await startEagerDevice("tensorflow", 3, host)).toMatchObject({ threads: 3 });
  expect(await startEagerDevice("wasm", 2, host)).toMatchObject({ name: "wasm", threads: 1 });
});

test("the devices of this machine", async () => {
  for (const name of ["cpu", "wasm"]) {
    const { tf, versions } = await startEagerDevice(name);
    expect(tf.getBackend()).toBe(name);
    expect(versions["@tensorflow/tfjs"]).toMatch(/^\d+\.\d+\.\d+$/);
  }
});
