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

/** Checks that a package a device needs is installed. @throws DeviceError when it is not. */
export function requirePackage(
  { versionOf }: Host,
  device: EagerDeviceName,
  name: string,
  { missing }: Remedies,
): void {
  if (versionOf(name) !== undefined) return;
  const reason = `${name} is not installed.`;
  throw new DeviceError({ device, fault: "missing", reason, remedy: missing });
}

/**
 * Loads a package a device needs.
 *
 * @throws DeviceError when it is not installed, or is and fails.
 */
export async function loadPackage(
  host: Host,
  device: EagerDeviceName,
  name: string,
  remedies: Remedies,
): Promise<unknown> {
  requirePackage(host, device, name, remedies);
  return host.load(name).catch((cause) => {
    const reason = `${name} is installed, but could not be loaded (${firstLine(cause)}).`;
    throw new DeviceError({ device, fault: "broken", reason, remedy: remedies.broken }, { cause });
  });
}
