import { existsSync, readFileSync } from "node:fs";
import type { PluginName } from "@bioflax/pjrt";
import { type XlaDeviceName, xlaDevice } from "./devices";

/** NVIDIA's driver has its version here, once it is loaded: `NVRM version: … Kernel Module  570.86.15  …`. */
const NVIDIA_DRIVER = "/proc/driver/nvidia/version";
/** The oldest driver for CUDA 13. */
const CUDA_13_DRIVER = 580;
/** ROCm has its version here: `7.0.2-56`. */
const ROCM = "/opt/rocm/.info/version";
const ROCM_10 = 10;

/** The number a file has by a pattern; undefined where there is none. */
function numberIn(file: string, pattern: RegExp): number | undefined {
  const found = existsSync(file) ? pattern.exec(readFileSync(file, "utf8"))?.[1] : undefined;
  return found === undefined ? undefined : Number(found);
}

/** Files in which a system says what its drivers are. */
interface DriverFiles {
  readonly nvidia: string;
  readonly rocm: string;
}

/** Whether a system takes the older plugin for a device alone; where it says nothing, NVIDIA's driver counts as new. */
const isOlder: Partial<Record<XlaDeviceName, (files: DriverFiles) => boolean>> = {
  cuda: ({ nvidia }) =>
    (numberIn(nvidia, /(?:Kernel Module|\bfor \S+)\s+(\d+)\./) ?? CUDA_13_DRIVER) < CUDA_13_DRIVER,
  rocm: ({ rocm }) => (numberIn(rocm, /^(\d+)\./) ?? 0) < ROCM_10,
};

/** Which of the plugins for a device suits this machine. */
export function pluginFor(
  device: XlaDeviceName,
  files: DriverFiles = { nvidia: NVIDIA_DRIVER, rocm: ROCM },
): PluginName {
  const { plugins } = xlaDevice(device);
  return isOlder[device]?.(files) ? (plugins.at(-1) as PluginName) : plugins[0];
}
