import { BioflaxError, didYouMean, showValue } from "@bioflax/core";
import { type XlaDeviceName, xlaDeviceNames } from "../xla/devices";

const xlaInstallables = xlaDeviceNames.map((device): `xla-${XlaDeviceName}` => `xla-${device}`);

/** The devices whose native parts are installed apart from the packages. */
export const installableDevices = [
  ...(["tensorflow", "tensorflow-gpu", "cuda"] as const),
  ...xlaInstallables,
];

/** The name of one of them. */
export type InstallableDevice = (typeof installableDevices)[number];

/** @throws BioflaxError for a name that none of them has. */
export function checkInstallable(name: unknown): asserts name is InstallableDevice {
  if (installableDevices.some((device) => device === name)) return;
  throw new BioflaxError(
    `device: expected one of ${installableDevices.join(", ")}, received ${showValue(name)}.${didYouMean(String(name), installableDevices)}`,
  );
}

/** The device of XLA's among them that a name is of; undefined where it is none of XLA's. */
export function xlaDeviceOf(name: InstallableDevice): XlaDeviceName | undefined {
  return xlaDeviceNames.find((device) => name === `xla-${device}`);
}
