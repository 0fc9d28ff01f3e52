import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { DeviceError } from "@bioflax/core";

/** What ONNX Runtime computes on: the processor, a GPU through WebGPU, or one of NVIDIA's through CUDA. */
export type CompiledDevice = "cpu" | "webgpu" | "cuda";

/** The devices of the compiled engine, by the names they are asked for with. */
export const compiledDevices: readonly CompiledDevice[] = ["cuda", "webgpu", "cpu"];

/** Operators a device leaves to the processor, which takes copies there and back, and which graphs for it do without. */
export const lackingOperators: { readonly [D in CompiledDevice]: readonly string[] } = {
  cpu: [],
  webgpu: ["Col2Im"],
  cuda: ["Col2Im"],
};

/** The file CUDA's provider is in, which ONNX Runtime's npm package does not carry. */
const CUDA_PROVIDER = "libonnxruntime_providers_cuda.so";

/** Where this process looks for CUDA's provider; undefined on systems that have none. */
function cudaProvider(): string | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  const root = dirname(createRequire(import.meta.url).resolve("onnxruntime-node/package.json"));
  return join(root, "bin", "napi-v6", "linux", "x64", CUDA_PROVIDER);
}

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
        "`ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node` downloads it (with pnpm: the same with `pnpm rebuild`, " +
        "once its build is allowed); it needs an NVIDIA driver, CUDA 12 and cuDNN 9. Without them, use --device webgpu or cpu.",
    });
  }
}

const remedies: { readonly [D in CompiledDevice]: string } = {
  cpu: "Reinstall onnxruntime-node.",
  webgpu:
    process.platform === "linux"
      ? "It needs the GPU's Vulkan driver and the loader libvulkan.so.1 (Debian and Ubuntu: apt install libvulkan1); `vulkaninfo --summary` lists what there is. Without a GPU, use --device cpu."
      : "Update the GPU's driver, or use --device cpu.",
  cuda: "It needs an NVIDIA driver, and CUDA 12 and cuDNN 9 on the library path. Without them, use --device webgpu or cpu.",
};

/** A device that did not start, in the words of ONNX Runtime without the places in its sources. */
export function notStarted(device: CompiledDevice, cause: Error): DeviceError {
  const lines = cause.message.split("\n").map((line) => line.trim());
  const [first = ""] = lines.filter((line) => line !== "" && !line.startsWith("at "));
  const said = first.replace(/^.*\bwas false\. /, "").replace(/[.\s]*$/, "");
  const reason = `ONNX Runtime could not start it (${said}).`;
  return new DeviceError({ device, fault: "broken", reason, remedy: remedies[device] }, { cause });
}
