import { existsSync } from "node:fs";
import { DeviceError } from "@bioflax/core";
import { CUDA_PROVIDER, cudaProvider, loadCudaLibraries, whyNotLoaded } from "./cuda";

/** What ONNX Runtime computes on: the processor, a GPU through WebGPU, or one of NVIDIA's through CUDA. */
export type CompiledDevice = "cpu" | "webgpu" | "cuda";

/** The devices of the compiled engine, by the names they are asked for with. */
export const compiledDevices: readonly CompiledDevice[] = ["cuda", "webgpu", "cpu"];

/**
 * Operators a device leaves to the processor, which takes copies there and back, and which graphs for it do without.
 */
export const unsupportedOpsOf: { readonly [D in CompiledDevice]: readonly string[] } = {
  cpu: [],
  webgpu: ["Col2Im", "FusedMatMul", "LogSoftmax"],
  cuda: ["Col2Im"],
};

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
 * A device that did not start, in the words of ONNX Runtime without the places in its sources, or of the system's
 * loader.
 *
 * @param provider where CUDA's provider is: what keeps it from being loaded, ONNX Runtime does not say in its error.
 */
export function notStarted(
  device: CompiledDevice,
  cause: Error,
  provider: () => string | undefined = cudaProvider,
): DeviceError {
  const lines = cause.message.split("\n").map((line) => line.trim());
  const [first = ""] = lines.filter((line) => line !== "" && !line.startsWith("at "));
  const path = device === "cuda" ? provider() : undefined;
  const loader = path !== undefined && existsSync(path) ? whyNotLoaded(path) : undefined;
  const said = (loader ?? first.replace(/^.*\bwas false\. /, "")).replace(/[.\s]*$/, "");
  const reason = `ONNX Runtime could not start it (${said}).`;
  return new DeviceError({ device, fault: "broken", reason, remedy: remedies[device] }, { cause });
}
