import { BioflaxError, DeviceError, nearest } from "@bioflax/core";
import { compile } from "./compile";
import { type CompiledDevice, compiledDevices } from "./devices";

/** A device that was chosen, and why. */
export interface ChosenDevice {
  readonly device: CompiledDevice;
  /** Set where it was chosen for being there, in half a sentence. */
  readonly why?: string;
}

/**
 * Starts a device for a moment.
 *
 * @throws DeviceError when it is not there, saying why and what to do.
 */
export async function checkDevice(device: CompiledDevice): Promise<void> {
  const probe = await compile((ops, inputs) => inputs.map((x) => ops.mul(x, 2)), [{ shape: [1] }], {
    device,
  });
  await probe.run([Float32Array.of(1)]);
  await probe.release();
}

/**
 * The device of the compiled engine that a name means.
 *
 * `auto` is CUDA where it is there, and else the processor: whether WebGPU is faster than that depends on the network
 * and the GPU, so it is taken when it is asked for.
 *
 * @throws DeviceError when the device is not there; BioflaxError for an unknown name.
 */
export async function chooseDevice(name: string): Promise<ChosenDevice> {
  if (name === "auto") {
    try {
      await checkDevice("cuda");
      return { device: "cuda", why: "CUDA is there" };
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error;
      return {
        device: "cpu",
        why: error.fault === "missing" ? "no CUDA here" : "CUDA does not start",
      };
    }
  }
  if (!(compiledDevices as readonly string[]).includes(name)) {
    const guess = nearest(name, compiledDevices);
    throw new BioflaxError(
      `The compiled engine has no device "${name}".${guess === undefined ? "" : ` Did you mean "${guess}"?`} It runs on: ${compiledDevices.join(", ")} (or auto).`,
    );
  }
  const device = name as CompiledDevice;
  if (device !== "cpu") await checkDevice(device);
  return { device };
}
