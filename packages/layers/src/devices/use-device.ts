import {
  BioflaxError,
  checkOptionNames,
  DeviceError,
  nearest,
  type OptionNames,
} from "@bioflax/core";
import type { EagerDevice, EagerDeviceName, NativeOptions, StartDevice } from "./device";
import { type Host, thisHost } from "./host";
import { startTensorflow, startTensorflowGpu } from "./native";
import { startCpu, startWasm } from "./plain";
import { startWebgpu } from "./webgpu";

const devices: Readonly<Record<EagerDeviceName, StartDevice>> = {
  "tensorflow-gpu": startTensorflowGpu,
  tensorflow: startTensorflow,
  webgpu: startWebgpu,
  wasm: startWasm,
  cpu: startCpu,
};

/** The devices of TensorFlow.js in Node, by the names they are asked for with, the fastest kind first. */
export const eagerDevices = Object.keys(devices) as EagerDeviceName[];

/**
 * What `auto` tries, from the fastest. WebGPU is not among them: whether it is faster than the processor depends on the
 * network and the GPU, so it is taken when it is asked for.
 */
const AUTOMATIC = eagerDevices.filter((name) => name !== "webgpu");

/** How a device is started. */
export interface DeviceOptions extends NativeOptions {
  /** How many threads TensorFlow's own library computes with; when left out as many as there are processors for this
   * process (its affinity, `SLURM_CPUS_PER_TASK` and its control group's limit). The other devices have one. */
  readonly threads?: number | undefined;
}

const names: OptionNames<DeviceOptions> = {
  threads: true,
  precision: true,
  memoryGrowth: true,
  visibleDevices: true,
};

/**
 * Starts a device and makes it TensorFlow.js's backend, in Node. In a browser, `tf.setBackend` does.
 *
 * | device | what it needs |
 * |---|---|
 * | `tensorflow-gpu` | `@tensorflow/tfjs-node-gpu` with its native part: NVIDIA, CUDA 12 |
 * | `tensorflow` | `@tensorflow/tfjs-node` with its native part |
 * | `webgpu` | `webgpu` and `@tensorflow/tfjs-backend-webgpu`: any GPU with Vulkan, Metal or Direct3D 12 |
 * | `wasm` | `@tensorflow/tfjs-backend-wasm` |
 * | `cpu` | nothing |
 *
 * TensorFlow's library is loaded once in a process: its threads and its precision are those it was loaded with.
 *
 * @param name a device, or `auto` for the first of the others than `webgpu` that is really there.
 * @returns TensorFlow.js with the device set, and what it is.
 * @throws DeviceError when the device is not there, saying why and what to do; BioflaxError for an unknown name, or
 *   where
 * TensorFlow's library is in this process already with another precision.
 * @example
 * import { useDevice } from "@bioflax/layers/node";
 *
 * const { hardware } = await useDevice("webgpu"); // then model.fit and everything else runs on it
 */
export async function useDevice(
  name: EagerDeviceName | "auto",
  options: DeviceOptions = {},
  host: Host = thisHost,
): Promise<EagerDevice> {
  checkOptionNames("useDevice", options, names);
  const { threads } = options;
  const start = async (one: EagerDeviceName): Promise<EagerDevice> => ({
    name: one,
    isSoftware: false,
    ...(await devices[one](host, threads ?? host.threads, options)),
  });
  if (name !== "auto") {
    if (Object.hasOwn(devices, name)) return start(name);
    const guess = nearest(name, eagerDevices);
    throw new BioflaxError(
      `useDevice: TensorFlow.js has no device "${name}" here.${guess === undefined ? "" : ` Did you mean "${guess}"?`} It runs on: ${eagerDevices.join(", ")} (or auto).`,
    );
  }
  const refusals: string[] = [];
  for (const one of AUTOMATIC) {
    try {
      const device = await start(one);
      const better = AUTOMATIC.slice(0, AUTOMATIC.indexOf(one));
      return {
        ...device,
        why: better.length === 0 ? "it is there" : `no ${better.join(", no ")} here`,
      };
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error;
      refusals.push(error.message);
    }
  }
  throw new BioflaxError(`TensorFlow.js has no device here.\n${refusals.join("\n")}`);
}
