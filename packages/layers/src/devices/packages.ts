import { DeviceError } from "@bioflax/core";
import type { EagerDeviceName } from "./device";
import { firstLine, type Host } from "./host";

/** What is said of a package a device needs. */
interface Remedies {
  /** What gets it. */
  readonly missing: string;
  /** What may mend it. */
  readonly broken: string;
}

/**
 * Loads a package a device needs.
 *
 * @throws DeviceError when it is not installed, or is and fails.
 */
export async function loadPackage(
  { load, versionOf }: Host,
  device: EagerDeviceName,
  name: string,
  { missing, broken }: Remedies,
): Promise<unknown> {
  if (versionOf(name) === undefined) {
    const reason = `${name} is not installed.`;
    throw new DeviceError({ device, fault: "missing", reason, remedy: missing });
  }
  return load(name).catch((cause) => {
    const reason = `${name} is installed, but could not be loaded (${firstLine(cause)}).`;
    throw new DeviceError({ device, fault: "broken", reason, remedy: broken }, { cause });
  });
}
