import { nearest } from "@bioflax/core";
import { deviceNames } from "../devices/names";
import type { Config } from "./schema";

/** Whether the engine has the device by that name, here or elsewhere: a sentence if it does not. */
export function checkDevice(
  { engine, device }: Pick<Config, "engine" | "device">,
  label: (key: "device") => string,
): string[] {
  const names: readonly string[] = deviceNames[engine];
  if (device === "auto" || names.includes(device)) return [];
  const other = engine === "compiled" ? "eager" : "compiled";
  const ofOther: readonly string[] = deviceNames[other];
  const guess = nearest(device, names);
  const hint = ofOther.includes(device)
    ? ` The engine ${other} has it: --engine ${other}.`
    : guess === undefined
      ? ""
      : ` Did you mean "${guess}"?`;
  return [
    `${label("device")}: the engine ${engine} has no device "${device}"; it runs on: ${names.join(", ")} (or auto).${hint}`,
  ];
}

/** Whether the device multiplies in the precision: a sentence if it does not. */
export function checkPrecision(
  { engine, device, precision }: Pick<Config, "engine" | "device" | "precision">,
  label: (key: "precision") => string,
): string[] {
  if (precision === "float32" || (engine === "eager" && device === "tensorflow")) return [];
  return [
    `${label("precision")}: expected float32 on the engine ${engine} and the device ${device}, received ${precision}, which TensorFlow's ` +
      "own library has on the processor: --engine eager --device tensorflow",
  ];
}
