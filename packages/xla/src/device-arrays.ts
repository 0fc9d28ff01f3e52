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
  data: Float32Array | Int32Array | Uint8Array,
  shape: Shape,
): Promise<PjrtBuffer> => client.buffer(data, { shape, ...(device !== undefined && { device }) });

/** Copies an array of floats from the device. */
export const download = (buffer: PjrtBuffer): Promise<Float32Array> => buffer.toHost<"f32">();
