import type { DeviceMemory } from "@bioflax/compiler";
import type { CompileOptions, PjrtBuffer, PjrtClient, PjrtDevice } from "@bioflax/pjrt";
import type { ProgramCache } from "./program-cache";
import type { ProgramTarget } from "./stablehlo/block";

/** What programs run on. */
export interface Place {
  readonly client: PjrtClient;
  /** One of the client's devices; its first when left out. */
  readonly device?: PjrtDevice | undefined;
  /** XLA's own options by name, such as `{ xla_gpu_deterministic_ops: true }`. */
  readonly xlaOptions?: CompileOptions["xlaOptions"] | undefined;
  /** Where compiled programs are kept for the next time; nowhere when left out. */
  readonly cache?: ProgramCache | undefined;
}

/** What programs for a place are written for. */
export const targetOf = ({ client }: Pick<Place, "client">): ProgramTarget => ({
  isProcessor: client.platformName === "cpu",
});

/** A device's memory. */
export const deviceMemoryOf = ({ client, device }: Place): DeviceMemory<PjrtBuffer> => ({
  isDevice: true,
  upload: ({ data, shape }) =>
    client.buffer(data, { shape, ...(device !== undefined && { device }) }),
  download: (buffer) => buffer.toHost<"f32">(),
  free: (buffer) => buffer.destroy(),
  async release() {},
});
