import { BioflaxError } from "./errors";

/** What is wrong with a device: what it needs is not installed, or is and does not work. */
export type DeviceFault = "missing" | "broken";

/** A device that cannot be used: whose fault, why, and what would mend it. */
export class DeviceError extends BioflaxError {
  override name = "DeviceError";
  /** The device, by the name one asks for it with. */
  readonly device: string;
  readonly fault: DeviceFault;
  /** What was found, in the words of the package or driver where it has some; a sentence. */
  readonly reason: string;
  /** What to do, a sentence; of what is missing, with the command that gets it. */
  readonly remedy: string;

  /** @param part what of the device cannot be used, where the device itself can: `precision bfloat16`. */
  constructor(
    {
      device,
      fault,
      reason,
      remedy,
      part,
    }: { device: string; fault: DeviceFault; reason: string; remedy: string; part?: string },
    options?: ErrorOptions,
  ) {
    const what =
      part === undefined ? `The device "${device}"` : `The ${part} of the device "${device}"`;
    super(`${what} is not there: ${reason} ${remedy}`, options);
    this.device = device;
    this.fault = fault;
    this.reason = reason;
    this.remedy = remedy;
  }
}
