import { DeviceError } from "@bioflax/core";
import type { CompiledDevice } from "../devices";

/** ONNX Runtime's own words, or those of the system's loader, without the places in its sources. */
function reasonOf(said: string): string {
  const lines = said.split("\n").map((line) => line.trim());
  const [first = ""] = lines.filter((line) => line !== "" && !line.startsWith("at "));
  return first.replace(/^.*\bwas false\. /, "").replace(/[.\s]*$/, "");
}

/**
 * The error of a device that did not start.
 *
 * @param remedy what to do about it.
 * @param loader why the system could not load it, where that is known better than from ONNX Runtime.
 */
export function deviceNotStarted(
  device: CompiledDevice,
  cause: Error,
  remedy: string,
  loader = reasonOf(cause.message),
): DeviceError {
  const reason = `ONNX Runtime could not start it (${loader.replace(/[.\s]*$/, "")}).`;
  return new DeviceError({ device, fault: "broken", reason, remedy }, { cause });
}
