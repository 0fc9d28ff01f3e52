import { BioflaxError } from "@bioflax/core";
import type { Tensor } from "onnxruntime-node";
import { platform } from "#platform";
import type { CompiledDevice } from "./devices";
import type { HostArray } from "./host-array";
import type { Runtime } from "./platform/platform";

const loading = new Map<CompiledDevice, Promise<Runtime>>();

/**
 * ONNX Runtime, loaded when it is first needed.
 *
 * @param device what it is to compute on; `cpu` when left out.
 * @throws BioflaxError when the package or its native part is not there.
 */
export function loadRuntime(device: CompiledDevice = "cpu"): Promise<Runtime> {
  let runtime = loading.get(device);
  if (runtime === undefined) {
    runtime = platform.load(device).catch((cause: Error) => {
      loading.delete(device);
      throw new BioflaxError(
        `The compiled engine needs ${platform.runtime}, which could not be loaded: ${cause.message}\nInstall it with: npm install ${platform.runtime}`,
        { cause },
      );
    });
    loading.set(device, runtime);
  }
  return runtime;
}

/** The version of ONNX Runtime. */
export async function runtimeVersion(): Promise<string> {
  const { versions } = (await loadRuntime()).env;
  return versions.node ?? versions.web ?? "unknown";
}

/** Wraps an array, without copying it, as a tensor. */
export async function hostTensor({ type, data, shape }: HostArray): Promise<Tensor> {
  const { Tensor } = await loadRuntime();
  return new Tensor(type as "float32", data as Float32Array, shape);
}

/** Wraps arrays as tensors, by name. */
export async function hostTensors(
  arrays: Readonly<Record<string, HostArray>>,
): Promise<Record<string, Tensor>> {
  const { Tensor } = await loadRuntime();
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { type, data, shape }]) => [
      name,
      new Tensor(type as "float32", data as Float32Array, shape),
    ]),
  );
}
