/** Backends whose tensors lie where reading them at once would stall or cannot be done. */
export const ON_GPU: readonly string[] = ["webgl", "webgpu"];
