import type { CompiledDevice } from "@bioflax/compiler";
import type { EagerDeviceName } from "@bioflax/layers/node";
import { xlaDeviceNames } from "./xla/devices";

/** The devices of each engine by name, known before an engine is loaded, the fastest kind first. */
export const deviceNames = {
  compiled: ["cuda", "webgpu", "cpu"] satisfies CompiledDevice[],
  eager: ["tensorflow-gpu", "tensorflow", "webgpu", "wasm", "cpu"] satisfies EagerDeviceName[],
  xla: xlaDeviceNames,
} as const;

/** The name of an engine. */
export type EngineName = keyof typeof deviceNames;

/** The names of the engines. */
export const engineNames = Object.keys(deviceNames) as readonly EngineName[];

/** What matrices may be multiplied in. */
export const precisions = ["float32", "bfloat16"] as const;

/** One of them. */
export type Precision = (typeof precisions)[number];

/** A device of an engine. */
export interface EngineDevice {
  readonly engine: EngineName;
  readonly device: string;
}

/** The devices that multiply matrices in a precision. */
export const devicesIn = (precision: Precision): "all" | readonly EngineDevice[] =>
  precision === "float32" ? "all" : [{ engine: "eager", device: "tensorflow" }];

/** Devices that are the processor. */
const processorDevices: ReadonlySet<string> = new Set(["cpu", "wasm", "tensorflow"]);

/** Whether a device is the processor, rather than a GPU or the like beside it. */
export const isProcessor = (device: string): boolean => processorDevices.has(device);

/** The devices of an engine that `auto` may take: a GPU through WebGPU is taken only when it is asked for. */
export const takenByAuto = (engine: EngineName): readonly string[] =>
  deviceNames[engine].filter((name) => name !== "webgpu");

/** The engines that `auto` chooses among, the first where it cannot measure. */
export const automaticEngines = ["compiled", "xla"] as const satisfies readonly EngineName[];

/** What an engine may be asked for as: by its name, or as the fastest for the network. */
export type EngineChoice = EngineName | "auto";

/** All of these. */
export const engineChoices: readonly EngineChoice[] = [...engineNames, "auto"];

/** The names of the devices that an engine may have. */
export const devicesOf = (engine: EngineChoice): readonly string[] =>
  engine === "auto"
    ? [...new Set(automaticEngines.flatMap((one): readonly string[] => deviceNames[one]))]
    : deviceNames[engine];

/** The engines that have a device by that name. */
export function enginesWith(device: string): readonly EngineName[] {
  return engineNames.filter((engine) =>
    (deviceNames[engine] as readonly string[]).includes(device),
  );
}
