import type { PluginName } from "@bioflax/pjrt";

/** A kind of device that XLA computes on. */
interface XlaDevice {
  /** What it is, in words. */
  readonly what: string;
  /** The plugins that have it; of several that are installed, the first is taken. */
  readonly plugins: readonly [PluginName, ...PluginName[]];
  /** XLA's own options, by name. */
  readonly xlaOptions?: Readonly<Record<string, boolean>>;
}

/** The same bits in every run: no algorithm is chosen by timing it, no sum by whoever comes first. */
const DETERMINISTIC = { xla_gpu_deterministic_ops: true };

/** What XLA computes on, by the names it is asked for with, the fastest kind first. */
const xlaDevices = {
  tpu: { what: "Google's TPUs", plugins: ["tpu"] },
  cuda: { what: "NVIDIA's GPUs", plugins: ["cuda13", "cuda12"], xlaOptions: DETERMINISTIC },
  rocm: { what: "AMD's GPUs", plugins: ["rocm10", "rocm7"], xlaOptions: DETERMINISTIC },
  oneapi: { what: "Intel's GPUs", plugins: ["oneapi"], xlaOptions: DETERMINISTIC },
  metal: { what: "Apple's GPUs", plugins: ["metal"] },
  cpu: { what: "the processor", plugins: ["cpu"] },
} as const satisfies Readonly<Record<string, XlaDevice>>;

/** The name of one of them. */
export type XlaDeviceName = keyof typeof xlaDevices;

/** Their names, in that order. */
export const xlaDeviceNames = Object.keys(xlaDevices) as readonly XlaDeviceName[];

/** One of them, as all are seen. */
export const xlaDevice = (name: XlaDeviceName): XlaDevice => xlaDevices[name];
