import { DeviceError } from "@bioflax/core";
import type * as tf from "@tensorflow/tfjs";
import { type StartDevice, setBackend, TFJS } from "./device";
import type { Host } from "./host";
import { loadPackage } from "./packages";

const DAWN = "webgpu";
const BACKEND = "@tensorflow/tfjs-backend-webgpu";

/** What is used of the adapter of a GPU, as the WebGPU standard has it. */
interface Adapter {
  readonly info: {
    readonly vendor: string;
    readonly architecture: string;
    readonly device: string;
    readonly description: string;
    readonly isFallbackAdapter?: boolean;
  };
  readonly limits: Readonly<Record<string, number>>;
  readonly features: { has(name: string): boolean };
  requestDevice(descriptor: {
    requiredFeatures: string[];
    requiredLimits: Record<string, number>;
  }): Promise<unknown>;
}

interface Gpu {
  requestAdapter(options: { powerPreference: "high-performance" }): Promise<Adapter | null>;
}

interface Dawn {
  create(options: string[]): Gpu;
  readonly globals: Record<string, unknown>;
}

interface WebGpuModule {
  readonly WebGPUBackend: new (device: unknown, info: Adapter["info"]) => tf.KernelBackend;
}

/**
 * What of the adapter's limits TensorFlow.js's kernels make use of; a device has the standard's small ones otherwise.
 */
const LIMITS = [
  "maxComputeWorkgroupStorageSize",
  "maxComputeWorkgroupsPerDimension",
  "maxStorageBufferBindingSize",
  "maxBufferSize",
  "maxComputeWorkgroupSizeX",
  "maxComputeInvocationsPerWorkgroup",
];

/** Dawn, which ends with the last reference to it, and its devices with it. */
let gpu: Gpu | undefined;

/**
 * Any GPU with a driver for Vulkan, Metal or Direct3D 12, through Dawn, Chromium's WebGPU, in the npm package `webgpu`.
 *
 * The backend is made here and not where TensorFlow.js makes it, which asks a browser's `navigator` for the GPU.
 */
export const startWebgpu: StartDevice = async (host) => {
  const tfjs = (await host.load(TFJS)) as typeof tf;
  const { dawn, backend } = await packages(host);
  for (const [name, value] of Object.entries(dawn.globals))
    if (!(name in globalThis)) Object.assign(globalThis, { [name]: value });
  gpu ??= dawn.create([]);
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (adapter === null) {
    gpu = undefined;
    throw new DeviceError({
      device: "webgpu",
      fault: "broken",
      reason: "Dawn found no GPU with a driver it can use (no adapter).",
      remedy:
        process.platform === "linux"
          ? "It needs the GPU's Vulkan driver and the loader libvulkan.so.1 (Debian and Ubuntu: apt install libvulkan1); `vulkaninfo --summary` lists what there is."
          : "Update the GPU's driver.",
    });
  }
  if (tfjs.findBackendFactory("webgpu") === null) {
    const device = await adapter.requestDevice({
      requiredFeatures: [],
      requiredLimits: Object.fromEntries(
        LIMITS.map((name) => [name, adapter.limits[name] as number]),
      ),
    });
    const theGpu = gpu;
    const make = () => new backend.WebGPUBackend(device, adapter.info);
    tfjs.registerBackend("webgpu", () => withNavigator(theGpu, make), 3);
  }
  await setBackend(tfjs, "webgpu");
  const { info } = adapter;
  return {
    tf: tfjs,
    threads: 1,
    hardware: nameOf(info),
    isSoftware: info.isFallbackAdapter === true,
    versions: {
      [TFJS]: tfjs.version.tfjs,
      [BACKEND]: host.versionOf(BACKEND) ?? "unknown",
      [DAWN]: host.versionOf(DAWN) ?? "unknown",
    },
  };
};

/** The GPU's name and its driver's: "NVIDIA H100 (NVIDIA driver 550.54)". */
function nameOf({ vendor, architecture, device, description }: Adapter["info"]): string {
  const name = device || [vendor, architecture].filter(Boolean).join(" ") || "a GPU";
  return description === "" ? name : `${name} (${description})`;
}

async function packages(host: Host): Promise<{ dawn: Dawn; backend: WebGpuModule }> {
  const remedies = {
    missing: `\`npm install ${DAWN} ${BACKEND}\` adds what it needs.`,
    broken: `Its binaries are for Linux on x64 and arm64, macOS and Windows; \`npm install ${DAWN}@latest\` may mend it.`,
  };
  return {
    dawn: (await loadPackage(host, "webgpu", DAWN, remedies)) as Dawn,
    backend: (await loadPackage(host, "webgpu", BACKEND, remedies)) as WebGpuModule,
  };
}

/** Does something while `navigator.gpu` is there, without which the backend's constructor refuses. */
function withNavigator<R>(theGpu: Gpu, work: () => R): R {
  const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  Object.defineProperty(globalThis, "navigator", { value: { gpu: theGpu }, configurable: true });
  try {
    return work();
  } finally {
    if (before === undefined) Reflect.deleteProperty(globalThis, "navigator");
    else Object.defineProperty(globalThis, "navigator", before);
  }
}
