import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { BioflaxError, DeviceError } from "@bioflax/core";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { thisHost } from "../src/devices/host";
import { eagerDevices, type Host, useDevice } from "../src/node";

interface Machine {
  /** What of the processor multiplies in bfloat16. */
  readonly bfloat16?: string;
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
  { bfloat16, gpu = false, addons = true }: Machine = {},
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
    backend: () => ({ isUsingGpuDevice: gpu, binding: { TF_Version: "2.99.0" } }),
    env: () => ({ getAsync: async () => true }),
  };
  const all: Record<string, object> = { "@tensorflow/tfjs": tfjs, ...packages };
  const loaded: string[] = [];
  return {
    bfloat16: () => bfloat16,
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
      "both, without a GPU",
      machine({ ...wasm, ...node, ...nodeGpu }),
      "tensorflow",
      "tensorflow",
      "no tensorflow-gpu here",
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
      "@tensorflow/tfjs-node is not installed. `npm install --ignore-scripts @tensorflow/tfjs-node` adds it",
    ],
    ["tensorflow", machine(wasm), "missing", "`bioflax devices --install tensorflow` makes it"],
    [
      "tensorflow-gpu",
      machine(wasm),
      "missing",
      "`npm install --ignore-scripts @tensorflow/tfjs-node-gpu` adds it",
    ],
    [
      "tensorflow-gpu",
      machine(nodeGpu),
      "broken",
      "@tensorflow/tfjs-node-gpu is installed, and found no GPU it can use. It needs an NVIDIA GPU and driver, and CUDA 12",
    ],
    [
      "tensorflow",
      machine(node, { addons: false }),
      "broken",
      "without its native part, tfjs_binding.node. Its native part is made apart: `bioflax devices --install tensorflow` makes it",
    ],
    [
      "tensorflow",
      machine({ "@tensorflow/tfjs-node": new Error("libfoo.so: cannot open\nat somewhere") }),
      "broken",
      "@tensorflow/tfjs-node is installed, but could not be loaded (libfoo.so: cannot open). Its native part",
    ],
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

test("TensorFlow's library is told its threads before it is loaded, and keeps them; the other devices have one", async () => {
  const host = machine({ ...wasm, ...node });
  expect(await useDevice("tensorflow", { threads: 3 }, host)).toMatchObject({ threads: 3 });
  expect(host.env.TF_NUM_INTRAOP_THREADS).toBe("3");
  expect(await useDevice("tensorflow", {}, host)).toMatchObject({ threads: 3 });
  const fresh = machine({ ...wasm, ...node });
  expect(await useDevice("tensorflow", {}, fresh)).toMatchObject({ threads: 8 });
  expect(await useDevice("wasm", { threads: 2 }, host)).toMatchObject({ name: "wasm", threads: 1 });
});

test("TensorFlow's library: versions, its log hidden unless asked for, a GPU's memory and which GPUs", async () => {
  const host = machine({ ...nodeGpu }, { gpu: true });
  const options = { memoryGrowth: true, visibleDevices: [0, 2] };
  expect(await useDevice("tensorflow-gpu", options, host)).toMatchObject({
    versions: { "@tensorflow/tfjs-node-gpu": "4.3.0", tensorflow: "2.99.0" },
  });
  expect(host.env).toMatchObject({
    TF_CPP_MIN_LOG_LEVEL: "3",
    TF_FORCE_GPU_ALLOW_GROWTH: "true",
    CUDA_VISIBLE_DEVICES: "0,2",
  });
  const loud = machine({ ...node });
  loud.env.TF_CPP_MIN_LOG_LEVEL = "0";
  await useDevice("tensorflow", {}, loud);
  expect(loud.env).toMatchObject({ TF_CPP_MIN_LOG_LEVEL: "0" });
  expect(loud.env).not.toHaveProperty("TF_FORCE_GPU_ALLOW_GROWTH");
});

describe("products in bfloat16", () => {
  test("are oneDNN's, where the processor has a unit for them, and never by themselves", async () => {
    const host = machine({ ...node }, { bfloat16: "amx_bf16" });
    await useDevice("tensorflow", { precision: "bfloat16" }, host);
    expect(host.env.TF_SET_ONEDNN_FPMATH_MODE).toBe("BF16");
    const plain = machine({ ...node }, { bfloat16: "amx_bf16" });
    await useDevice("tensorflow", {}, plain);
    expect(plain.env).not.toHaveProperty("TF_SET_ONEDNN_FPMATH_MODE");
  });

  test.each([
    [
      "tensorflow",
      machine({ ...node }),
      "this processor has no unit that oneDNN multiplies float32 matrices in bfloat16 with",
    ],
    ["tensorflow-gpu", machine({ ...nodeGpu }, { gpu: true, bfloat16: "bf16" }), "on a GPU"],
  ] as const)("are refused where there are none: %s", async (device, host, text) => {
    const started = useDevice(device, { precision: "bfloat16" }, host);
    await expect(started).rejects.toMatchObject({ device, fault: "missing" });
    await expect(started).rejects.toThrow(text);
    await expect(started).rejects.toThrow(
      `The precision bfloat16 of the device "${device}" is not there: `,
    );
    expect(host.env).not.toHaveProperty("TF_SET_ONEDNN_FPMATH_MODE");
  });

  test("a library that is loaded keeps its precision, and says so", async () => {
    const host = machine({ ...node }, { bfloat16: "amx_bf16" });
    await useDevice("tensorflow", {}, host);
    await expect(useDevice("tensorflow", { precision: "bfloat16" }, host)).rejects.toThrow(
      "in this process already, with the precision float32; bfloat16 needs a process of its own.",
    );
  });
});

test("one library of TensorFlow in a process: another package's is refused, not loaded beside it", async () => {
  const onGpu = machine({ ...node, ...nodeGpu }, { gpu: true });
  await useDevice("tensorflow-gpu", {}, onGpu);
  await expect(useDevice("tensorflow", {}, onGpu)).rejects.toThrow(
    "TensorFlow's library of @tensorflow/tfjs-node-gpu is in this process already; tensorflow needs a process of its own.",
  );
  expect(onGpu.loaded).not.toContain("@tensorflow/tfjs-node");
  const onProcessor = machine({ ...node, ...nodeGpu });
  await useDevice("tensorflow", {}, onProcessor);
  await expect(useDevice("tensorflow-gpu", {}, onProcessor)).rejects.toThrow(
    "tensorflow-gpu needs a process of its own.",
  );
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

describe("the packages as npm installs them, their install scripts not run", () => {
  test.each(["@tensorflow/tfjs-node", "@tensorflow/tfjs-node-gpu"])("%s", async (name) => {
    expect(thisHost.versionOf(name)).toMatch(/^\d+\.\d+\.\d+$/);
    const device = name.endsWith("gpu") ? "tensorflow-gpu" : "tensorflow";
    const bare = { ...thisHost, hasAddon: () => false };
    await expect(useDevice(device, {}, bare)).rejects.toMatchObject({ device, fault: "broken" });
    // Loaded all the same, the package says in its own words what is told of it.
    const forced = { ...bare, hasAddon: () => true, load: async (one: string) => load(one, name) };
    await expect(useDevice(device, {}, forced)).rejects.toThrow(
      `${name} is installed, but could not be loaded (The Node.js native addon module (tfjs_binding.node) can not be found at path`,
    );
  });

  /** Loads a package; of the native one, a copy without a native part. */
  function load(one: string, name: string) {
    if (one !== name) return thisHost.load(one);
    const folder = realpathSync(dirname(require.resolve(`${name}/package.json`)));
    const modules = dirname(dirname(folder));
    const copy = mkdtempSync(join(modules, "..", "without-native-part-"));
    folders.push(copy);
    const target = join(copy, "node_modules", name);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(folder, target, {
      recursive: true,
      filter: (from) => !/\/(lib|node_modules|binding)$/.test(from.slice(folder.length)),
    });
    return require(target);
  }
  const folders: string[] = [];
  // The second of them says of every kernel that the first has registered it.
  beforeAll(() => {
    jest.spyOn(console, "warn").mockImplementation(() => {});
  });
  afterAll(() => {
    jest.restoreAllMocks();
    for (const folder of folders) rmSync(folder, { recursive: true });
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
