import { BioflaxError, DeviceError } from "@bioflax/core";
import { describe, expect, test } from "@jest/globals";
import { thisHost } from "../src/devices/host";
import { eagerDevices, type Host, useDevice } from "../src/node";

interface Machine {
  readonly nodeMajor?: number;
  /** Whether TensorFlow's library finds a GPU. */
  readonly gpu?: boolean;
  /** Whether Dawn does. */
  readonly adapter?: boolean;
  /** Whether native parts were downloaded. */
  readonly addons?: boolean;
}

/** A machine with the given packages, and a TensorFlow.js that accepts every backend. */
function machine(
  packages: Record<string, object>,
  { nodeMajor = 20, gpu = false, addons = true }: Machine = {},
): Host & { backend: () => string; loaded: string[] } {
  let backend = "";
  const registered = new Map<string, () => unknown>();
  const tfjs = {
    version: { tfjs: "4.0.0" },
    enableProdMode() {},
    async ready() {},
    async setBackend(name: string) {
      registered.get(name)?.();
      backend = name;
      return true;
    },
    findBackendFactory: (name: string) => registered.get(name) ?? null,
    registerBackend: (name: string, make: () => unknown) => registered.set(name, make),
    backend: () => ({ isUsingGpuDevice: gpu }),
    env: () => ({ getAsync: async () => true }),
  };
  const all: Record<string, object> = { "@tensorflow/tfjs": tfjs, ...packages };
  const loaded: string[] = [];
  return {
    nodeMajor,
    env: {},
    threads: 8,
    loaded,
    backend: () => backend,
    async load(name) {
      loaded.push(name);
      const found = all[name];
      if (found instanceof Error) throw found;
      return found;
    },
    versionOf: (name) => (all[name] === undefined ? undefined : "1.2.3"),
    hasAddon: () => addons,
  };
}

const wasm = { "@tensorflow/tfjs-backend-wasm": { version_wasm: "4.1.0" } };
const node = { "@tensorflow/tfjs-node": { version: { "tfjs-node": "4.2.0" } } };
const nodeGpu = { "@tensorflow/tfjs-node-gpu": { version: { "tfjs-node": "4.3.0" } } };

/** A Dawn with one adapter or none, and a backend that says whether it could see the GPU when it was made. */
function dawn(adapter: boolean) {
  const asked: Record<string, number>[] = [];
  const seen: unknown[] = [];
  const gpu = {
    requestAdapter: async () =>
      adapter
        ? {
            info: { vendor: "acme", architecture: "", device: "Acme 9", description: "driver 1.0" },
            limits: { maxBufferSize: 7 },
            features: { has: () => true },
            async requestDevice(given: { requiredLimits: Record<string, number> }) {
              asked.push(given.requiredLimits);
              return {};
            },
          }
        : null,
  };
  class WebGPUBackend {
    constructor() {
      seen.push((globalThis as { navigator?: { gpu?: unknown } }).navigator?.gpu);
    }
  }
  const packages = {
    webgpu: { create: () => gpu, globals: { BIOFLAX_TEST_GLOBAL: 1 } },
    "@tensorflow/tfjs-backend-webgpu": { WebGPUBackend },
  };
  return { packages, gpu, asked, seen };
}

describe("auto takes the fastest device that is really there", () => {
  test.each<[string, Host & { backend(): string }, string, string, string]>([
    ["nothing native", machine(wasm), "wasm", "wasm", "no tensorflow-gpu, no tensorflow here"],
    ["not even wasm", machine({}), "cpu", "cpu", "no tensorflow-gpu, no tensorflow, no wasm here"],
    [
      "tfjs-node",
      machine({ ...wasm, ...node }),
      "tensorflow",
      "tensorflow",
      "no tensorflow-gpu here",
    ],
    [
      "tfjs-node-gpu with a GPU",
      machine({ ...wasm, ...node, ...nodeGpu }, { gpu: true }),
      "tensorflow-gpu",
      "tensorflow",
      "it is there",
    ],
    [
      "tfjs-node-gpu without a GPU",
      machine({ ...wasm, ...nodeGpu }),
      "wasm",
      "wasm",
      "no tensorflow-gpu, no tensorflow here",
    ],
    [
      "tfjs-node without its native part",
      machine({ ...wasm, ...node }, { addons: false }),
      "wasm",
      "wasm",
      "no tensorflow-gpu, no tensorflow here",
    ],
    [
      "tfjs-node on Node 23",
      machine({ ...wasm, ...node }, { nodeMajor: 23 }),
      "wasm",
      "wasm",
      "no tensorflow-gpu, no tensorflow here",
    ],
    [
      "a GPU for WebGPU, which is taken when it is asked for",
      machine({ ...wasm, ...dawn(true).packages }),
      "wasm",
      "wasm",
      "no tensorflow-gpu, no tensorflow here",
    ],
  ])("%s", async (_name, host, device, backend, why) => {
    expect(await useDevice("auto", {}, host)).toMatchObject({ name: device, why });
    expect(host.backend()).toBe(backend);
  });
});

describe("a device that is not there says whose fault it is and how to get it", () => {
  test.each<[string, Host, "missing" | "broken", string]>([
    [
      "tensorflow",
      machine(wasm),
      "missing",
      "@tensorflow/tfjs-node is not installed. `npm install @tensorflow/tfjs-node` adds it",
    ],
    ["tensorflow-gpu", machine(wasm), "missing", "`npm install @tensorflow/tfjs-node-gpu` adds it"],
    [
      "tensorflow-gpu",
      machine(nodeGpu),
      "broken",
      "@tensorflow/tfjs-node-gpu is installed, and found no GPU it can use. It needs an NVIDIA driver, and CUDA 11.2",
    ],
    [
      "tensorflow",
      machine(node, { addons: false }),
      "broken",
      "without its native part, tfjs_binding.node. Its install script downloads the native part: `npm rebuild @tensorflow/tfjs-node`",
    ],
    [
      "tensorflow",
      machine({ "@tensorflow/tfjs-node": new Error("libfoo.so: cannot open\nat somewhere") }),
      "broken",
      "@tensorflow/tfjs-node is installed, but could not be loaded (libfoo.so: cannot open). Its install",
    ],
    [
      "tensorflow",
      machine(node, { nodeMajor: 24 }),
      "broken",
      "@tensorflow/tfjs-node does not work on Node 24: it calls util.isNullOrUndefined, which Node 23 removed (tensorflow/tfjs#8609). Use Node 20 or 22",
    ],
    ["tensorflow", machine({}, { nodeMajor: 24 }), "missing", "is not installed"],
    ["webgpu", machine(wasm), "missing", "`npm install webgpu @tensorflow/tfjs-backend-webgpu`"],
    [
      "webgpu",
      machine({ webgpu: dawn(true).packages.webgpu }),
      "missing",
      "@tensorflow/tfjs-backend-webgpu is not installed. `npm install webgpu @tensorflow",
    ],
    [
      "webgpu",
      machine(dawn(false).packages),
      "broken",
      "Dawn found no GPU with a driver it can use",
    ],
    ["wasm", machine({}), "missing", "`npm install @tensorflow/tfjs-backend-wasm` adds it"],
  ])("%s", async (device, host, fault, text) => {
    const error = await useDevice(device as "cpu", {}, host).catch((caught) => caught);
    expect(error).toBeInstanceOf(DeviceError);
    expect(error).toMatchObject({ device, fault });
    expect(error.message).toContain(`The device "${device}" is not there: `);
    expect(error.message).toContain(text);
  });

  test.each([
    ["wgpu", 'TensorFlow.js has no device "wgpu" here. Did you mean "webgpu"?'],
    ["tpu-pod", "It runs on: tensorflow-gpu, tensorflow, webgpu, wasm, cpu (or auto)."],
    ["toString", 'no device "toString"'],
  ])("%s is none", async (name, text) => {
    const started = useDevice(name as "cpu", {}, machine(wasm));
    await expect(started).rejects.toThrow(BioflaxError);
    await expect(started).rejects.toThrow(text);
  });
});

test("a package without its native part is not loaded, which would leave its kernels behind", async () => {
  const host = machine(node, { addons: false });
  await expect(useDevice("tensorflow", {}, host)).rejects.toThrow(DeviceError);
  expect(host.loaded).toEqual([]);
});

test("TensorFlow's library is told its threads before it is loaded; the other devices have one", async () => {
  const host = machine({ ...wasm, ...node });
  expect(await useDevice("tensorflow", { threads: 3 }, host)).toMatchObject({ threads: 3 });
  expect(host.env.TF_NUM_INTRAOP_THREADS).toBe("3");
  expect(await useDevice("tensorflow", {}, host)).toMatchObject({ threads: 8 });
  expect(await useDevice("wasm", { threads: 2 }, host)).toMatchObject({ name: "wasm", threads: 1 });
});

test("webgpu: the adapter's limits, its globals, and a navigator only while the backend is made", async () => {
  const { packages, gpu, asked, seen } = dawn(true);
  const host = machine(packages);
  const device = await useDevice("webgpu", {}, host);
  expect(device).toMatchObject({
    name: "webgpu",
    hardware: "Acme 9 (driver 1.0)",
    isSoftware: false,
    versions: { webgpu: "1.2.3", "@tensorflow/tfjs-backend-webgpu": "1.2.3" },
  });
  expect(asked[0]).toMatchObject({ maxBufferSize: 7 });
  expect(seen).toEqual([gpu]);
  expect((globalThis as { BIOFLAX_TEST_GLOBAL?: number }).BIOFLAX_TEST_GLOBAL).toBe(1);
  expect((globalThis as { navigator?: { gpu?: unknown } }).navigator?.gpu).toBeUndefined();
});

describe("the packages as npm installs them here, their install scripts not run", () => {
  test.each(["@tensorflow/tfjs-node", "@tensorflow/tfjs-node-gpu"])("%s", async (name) => {
    expect(thisHost.versionOf(name)).toMatch(/^\d+\.\d+\.\d+$/);
    expect(thisHost.hasAddon(name, "tfjs_binding.node")).toBe(false);
    const device = name.endsWith("gpu") ? "tensorflow-gpu" : "tensorflow";
    await expect(useDevice(device)).rejects.toMatchObject({ device, fault: "broken" });
    // Loaded all the same, the package says in its own words what is told of it.
    const forced = { ...thisHost, nodeMajor: 20, hasAddon: () => true };
    await expect(useDevice(device, {}, forced)).rejects.toThrow(
      `${name} is installed, but could not be loaded (The Node.js native addon module (tfjs_binding.node) can not be found at path`,
    );
  });

  test("a package that is not there has no version", () => {
    expect(thisHost.versionOf("@bioflax/no-such-package")).toBeUndefined();
    expect(thisHost.hasAddon("@bioflax/no-such-package", "x.node")).toBe(false);
  });
});

test("the plain devices really start", async () => {
  for (const name of ["cpu", "wasm"] as const) {
    const { tf, versions, hardware } = await useDevice(name);
    expect(tf.getBackend()).toBe(name);
    expect(versions["@tensorflow/tfjs"]).toMatch(/^\d+\.\d+\.\d+$/);
    expect(hardware).toMatch(name === "cpu" ? /^JavaScript$/ : /^WebAssembly with SIMD$/);
  }
  expect(eagerDevices).toEqual(["tensorflow-gpu", "tensorflow", "webgpu", "wasm", "cpu"]);
});
