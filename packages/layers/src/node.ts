// What works in Node only: the entry point "@bioflax/layers/node".
export type { EagerDevice, EagerDeviceName, NativeOptions } from "./devices/device";
export type { Host } from "./devices/host";
export { type DeviceOptions, eagerDevices, useDevice } from "./devices/use-device";
