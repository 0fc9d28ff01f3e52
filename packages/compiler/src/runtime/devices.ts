/** What ONNX Runtime computes on: the processor, a GPU through WebGPU, or one of NVIDIA's through CUDA. */
export type CompiledDevice = "cpu" | "webgpu" | "cuda";

/** The devices of the compiled engine, by the names they are asked for with. */
export const compiledDevices: readonly CompiledDevice[] = ["cuda", "webgpu", "cpu"];

/**
 * Operators a device leaves to the processor, which takes copies there and back, and which graphs for it do without.
 */
export const unsupportedOpsOf: { readonly [D in CompiledDevice]: readonly string[] } = {
  cpu: [],
  webgpu: ["Col2Im", "FusedMatMul", "LogSoftmax", "ReduceLogSum"],
  cuda: ["Col2Im", "ReduceLogSum"],
};
