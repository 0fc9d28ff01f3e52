import type { CompiledDevice } from "@bioflax/compiler";
import type { EagerDeviceName } from "@bioflax/layers/node";

/** The devices of each engine by name, known before an engine is loaded, the fastest kind first. */
export const deviceNames = {
  compiled: ["cuda", "webgpu", "cpu"] satisfies CompiledDevice[],
  eager: ["tensorflow-gpu", "tensorflow", "webgpu", "wasm", "cpu"] satisfies EagerDeviceName[],
} as const;

/** The name of an engine. */
export type EngineName = keyof typeof deviceNames;
