import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { DeviceError } from "@bioflax/core";
import { availableThreads } from "@bioflax/core/node";
import type { CompiledDevice } from "../devices";
import type { ProcessorTimes } from "../thread-count";
import { CUDA_PROVIDER, cudaProvider, loadCudaLibraries, whyNotLoaded } from "./cuda";
import { deviceNotStarted } from "./not-started";
import type { Platform, Runtime } from "./platform";
import { startThread } from "./thread";

/**
 * Checks that what a device needs is installed, before ONNX Runtime says in its own way that it is not.
 *
 * @param provider where CUDA's provider should be.
 * @throws DeviceError when it is not, with the command that gets it.
 */
export function requireInstalled(
  device: CompiledDevice,
  provider: () => string | undefined = cudaProvider,
): void {
  if (device !== "cuda") return;
  const path = provider();
  if (path === undefined) {
    throw new DeviceError({
      device,
      fault: "missing",
      reason: "onnxruntime-node has CUDA for Linux on x64 alone.",
      remedy: "Use --device webgpu, which takes any GPU.",
    });
  }
  if (!existsSync(path)) {
    throw new DeviceError({
      device,
      fault: "missing",
      reason: `onnxruntime-node is installed without its CUDA provider, ${CUDA_PROVIDER}.`,
      remedy:
        "`bioflax devices --install cuda` fetches it from PyPI, with the libraries of CUDA and cuDNN it needs; it takes an NVIDIA GPU " +
        "and driver. Without them, use --device webgpu or cpu.",
    });
  }
  loadCudaLibraries(path);
}

const remedies: { readonly [D in CompiledDevice]: string } = {
  cpu: "Reinstall onnxruntime-node.",
  webgpu:
    process.platform === "linux"
      ? "It needs the GPU's Vulkan driver and the loader libvulkan.so.1 (Debian and Ubuntu: apt install libvulkan1); `vulkaninfo --summary` lists what there is. Without a GPU, use --device cpu."
      : "Update the GPU's driver, or use --device cpu.",
  cuda: "It needs an NVIDIA GPU and driver, and CUDA's and cuDNN's libraries, which `bioflax devices --install cuda` fetches. Without them, use --device webgpu or cpu.",
};

/**
 * A device that did not start.
 *
 * @param provider where CUDA's provider is: what keeps it from being loaded, ONNX Runtime does not say in its error.
 */
export function notStarted(
  device: CompiledDevice,
  cause: Error,
  provider: () => string | undefined = cudaProvider,
): DeviceError {
  const path = device === "cuda" ? provider() : undefined;
  const loader = path !== undefined && existsSync(path) ? whyNotLoaded(path) : undefined;
  return deviceNotStarted(device, cause, remedies[device], loader);
}

/** ONNX Runtime's own choice, 0, unless there are limits, which it does not know. */
function defaultThreads(): number {
  const available = availableThreads();
  return available < availableParallelism() ? available : 0;
}

/** What the system has counted, of all processors, and of this process's threads. */
function processorTimes(): ProcessorTimes {
  const all = cpus().reduce(
    (sum, { times }) => sum + times.user + times.nice + times.sys + times.irq,
    0,
  );
  const { user, system } = process.cpuUsage();
  return { at: performance.now(), all, own: (user + system) / 1000 };
}

export const platform: Platform = {
  runtime: "onnxruntime-node",
  async load() {
    const module: Runtime & { default?: Runtime } = await import("onnxruntime-node");
    // Node gives a CommonJS module's exports as `default`; a bundler or a test runner may not.
    return module.default ?? module;
  },
  providerOf: (device) => device,
  threads: (_runtime, asked) => asked ?? defaultThreads(),
  networkThreads: (asked) => asked ?? availableThreads(),
  processorTimes,
  startThread,
  // On other processors, its convolutions take blocks only in some builds.
  mayHaveBlocks: process.arch === "x64",
  requireInstalled: (device) => requireInstalled(device),
  whyNotCreated: (device, cause) => (device === "cpu" ? cause : notStarted(device, cause)),
  async profile(write) {
    const folder = await mkdtemp(join(tmpdir(), "bioflax-profile-"));
    try {
      await write(join(folder, "profile"));
      const [file] = await readdir(folder);
      return await readFile(join(folder, file as string), "utf8");
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
