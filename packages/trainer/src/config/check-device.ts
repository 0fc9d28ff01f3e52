import { nearest } from "@bioflax/core";
import { devicesIn, devicesOf, enginesWith } from "../devices/names";
import type { Config } from "./schema";

/** Whether the engine has the device by that name, here or elsewhere: a sentence if it does not. */
export function checkDevice(
  { engine, device }: Pick<Config, "engine" | "device">,
  label: (key: "device") => string,
): string[] {
  const names = devicesOf(engine);
  if (device === "auto" || names.includes(device)) return [];
  const others = enginesWith(device);
  const guess = nearest(device, names);
  const hint =
    others.length > 0
      ? ` ${others.length === 1 ? `The engine ${others[0]} has` : `The engines ${others.join(" and ")} have`} it: ` +
        `${others.map((other) => `--engine ${other}`).join(" or ")}.`
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
  const able = devicesIn(precision);
  if (able === "all" || able.some((one) => one.engine === engine && one.device === device))
    return [];
  const options = able.map((one) => `--engine ${one.engine} --device ${one.device}`);
  return [
    `${label("precision")}: expected float32 on the engine ${engine} and the device ${device}, received ${precision}. It takes ${options.join(" or ")}`,
  ];
}
