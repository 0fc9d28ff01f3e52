import { BioflaxError, type Shape } from "@bioflax/core";
import type { Tensor } from "onnxruntime-node";
import type { ElementType } from "../graph/value";

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

/** A tensor in memory, as ONNX Runtime takes and gives them. */
export type HostTensor = Tensor;

type HostArray = Float32Array | Uint8Array | Int32Array | BigInt64Array;

/** Wraps an array, without copying it, as a tensor. */
export async function hostTensor(
  type: ElementType,
  data: HostArray,
  shape: Shape,
): Promise<HostTensor> {
  const { Tensor } = await loadRuntime();
  return new Tensor(type as "float32", data as Float32Array, shape);
}
