import { type XlaDeviceName, xlaDeviceNames } from "../xla/devices";

const xlaInstallables = xlaDeviceNames.map((device): `xla-${XlaDeviceName}` => `xla-${device}`);

/** The devices whose native parts are installed apart from the packages. */
export const installableDevices = [
  ...(["tensorflow", "tensorflow-gpu", "cuda"] as const),
  ...xlaInstallables,
];

/** The name of one of them. */
export type InstallableDevice = (typeof installableDevices)[number];

/** The device of XLA's among them that a name is of; undefined where it is none of XLA's. */
export function xlaDeviceOf(name: InstallableDevice): XlaDeviceName | undefined {
  return xlaDeviceNames.find((device) => name === `xla-${device}`);
}
