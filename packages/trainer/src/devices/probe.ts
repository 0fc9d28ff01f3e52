import { cpus } from "node:os";
import { DeviceError, type DeviceFault } from "@bioflax/core";
import type { EngineName } from "./names";
import { productSpeed } from "./product-speed";

/** A device as it was found. */
export interface DeviceReport {
  readonly engine: EngineName;
  readonly device: string;
  /** Whether it can be used; else whether what it needs is not installed, or does not work. */
  readonly state: "available" | DeviceFault;
  /** What computes, in words, where that can be told. */
  readonly hardware?: string;
  /** Whether it is a GPU in name only, one that a program on the processor imitates. */
  readonly isSoftware?: boolean;
  /** Versions of what it is made of. */
  readonly versions?: Readonly<Record<string, string>>;
  /** Why it cannot be used, a sentence. */
  readonly reason?: string;
  /** What to do about that, a sentence. */
  readonly remedy?: string;
  /**
   * Operations a second of a product of square matrices, in billions (multiply and add are two); if that was measured.
   */
  readonly gigaflops?: number;
}

type Found = Omit<DeviceReport, "engine" | "device" | "state">;

const probes: {
  readonly [E in EngineName]: (device: string, measure: boolean) => Promise<Found>;
} = {
  async compiled(device, measure) {
    const { checkDevice, runtimeVersion } = await import("@bioflax/compiler");
    const name = device as Parameters<typeof checkDevice>[0];
    await checkDevice(name);
    return {
      ...(name === "cpu" && { hardware: cpus()[0]?.model ?? "the processor" }),
      versions: { "onnxruntime-node": await runtimeVersion() },
      ...(measure && { gigaflops: await productSpeed.compiled(name) }),
    };
  },
  async eager(device, measure) {
    const { useDevice } = await import("@bioflax/layers/node");
    const { tf, hardware, isSoftware, versions } = await useDevice(
      device as Parameters<typeof useDevice>[0],
    );
    return {
      hardware,
      isSoftware,
      versions,
      ...(measure && { gigaflops: await productSpeed.eager(tf) }),
    };
  },
  async xla(device, measure) {
    const { openDevice } = await import("./xla/open-device");
    const { hardware, versions, release, ...place } = await openDevice(device);
    try {
      return {
        hardware,
        versions,
        ...(measure && { gigaflops: await productSpeed.xla(place) }),
      };
    } finally {
      release();
    }
  },
};

/**
 * Starts a device in this process and says what came of it.
 *
 * @param measure whether to time products of matrices on it, a second or so.
 */
export async function probeDevice(
  engine: EngineName,
  device: string,
  { measure = false }: { measure?: boolean } = {},
): Promise<DeviceReport> {
  try {
    return { engine, device, state: "available", ...(await probes[engine](device, measure)) };
  } catch (error) {
    if (error instanceof DeviceError) {
      const { fault: state, reason, remedy } = error;
      return { engine, device, state, reason, remedy };
    }
    const reason = `It failed with: ${(error as Error).message}`;
    return { engine, device, state: "broken", reason };
  }
}
