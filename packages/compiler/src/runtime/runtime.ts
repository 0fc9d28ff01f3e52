import { BioflaxError } from "@bioflax/core";
import type { Tensor } from "onnxruntime-node";
import type { HostArray } from "./host-array";

type Runtime = typeof import("onnxruntime-node");

let loading: Promise<Runtime> | undefined;

/**
 * ONNX Runtime, loaded when it is first needed.
 *
 * @throws BioflaxError when the package or its native part is not there.
 */
export function loadRuntime(): Promise<Runtime> {
  loading ??= import("onnxruntime-node").then(
    // Node gives a CommonJS module's exports as `default`; a bundler or a test runner may not.
    (module) => (module as Runtime & { default?: Runtime }).default ?? module,
    (cause: Error) => {
      loading = undefined;
      throw new BioflaxError(
        `The compiled engine needs onnxruntime-node, which could not be loaded: ${cause.message}\nInstall it with: npm install onnxruntime-node`,
        { cause },
      );
    },
  );
  return loading;
}

/** The version of ONNX Runtime. */
export async function runtimeVersion(): Promise<string> {
  return (await loadRuntime()).env.versions.node ?? "unknown";
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
