import type { DeviceMemory } from "@bioflax/compiler";
import type { Shape } from "@bioflax/core";
import type { CompileOptions, PjrtBuffer, PjrtClient, PjrtDevice } from "@bioflax/pjrt";

/** What programs run on. */
export interface Place {
  readonly client: PjrtClient;
  /** One of the client's devices; its first when left out. */
  readonly device?: PjrtDevice | undefined;
  /** XLA's own options by name, such as `{ xla_gpu_deterministic_ops: true }`. */
  readonly xlaOptions?: CompileOptions["xlaOptions"] | undefined;
}

/** Copies an array to the device. */
export const upload = (
  { client, device }: Place,
  data: Parameters<PjrtClient["buffer"]>[0],
  shape: Shape,
): Promise<PjrtBuffer> => client.buffer(data, { shape, ...(device !== undefined && { device }) });

/** Copies an array of floats from the device. */
export const download = (buffer: PjrtBuffer): Promise<Float32Array> => buffer.toHost<"f32">();

/** A device's memory, for what stays there from call to call. */
export const deviceMemoryOf = (place: Place): DeviceMemory<PjrtBuffer> => ({
  isDevice: true,
  upload: ({ data, shape }) => upload(place, data, shape),
  download,
  free: (buffer) => buffer.destroy(),
  async release() {},
});
