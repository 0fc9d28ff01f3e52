import type { NativeCalls } from "./native-calls";

/** A device that a client sees. */
export interface PjrtDevice {
  /** Its number, unique among the client's devices. */
  readonly id: number;
  /** What the vendor calls its kind, such as `NVIDIA H100 80GB HBM3`. */
  readonly kind: string;
  /** A short name of it, such as `CpuDevice(id=0)`. */
  readonly name: string;
  /** A longer one, for logs. */
  readonly debugString: string;
  /** Whether this process can use it; devices of other machines are seen, too. */
  readonly isAddressable: boolean;
}

/** Reads what a plugin says of a device. */
export function readDevice(calls: NativeCalls, device: bigint): PjrtDevice {
  const { description } = calls.call("Device_GetDescription", { device });
  return {
    id: calls.call("DeviceDescription_Id", { description }).id,
    kind: calls.text("DeviceDescription_Kind", { description }),
    name: calls.text("DeviceDescription_ToString", { description }),
    debugString: calls.text("DeviceDescription_DebugString", { description }),
    isAddressable: calls.call("Device_IsAddressable", { device }).isAddressable,
  };
}
