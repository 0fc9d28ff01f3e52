import type { DeviceMemory } from "./device-memory";
import type { HostArray } from "./host-array";

/** A memory in which an array that is uploaded several times lies once, until it was freed as often. */
export function sharedMemory<DeviceBuffer>(
  memory: DeviceMemory<DeviceBuffer>,
): DeviceMemory<DeviceBuffer> {
  const known = new Map<HostArray["data"], { buffer: Promise<DeviceBuffer>; users: number }>();
  const arrayOf = new Map<DeviceBuffer, HostArray["data"]>();
  return {
    isDevice: memory.isDevice,
    async upload(array) {
      const { data } = array;
      const one = known.get(data) ?? { buffer: memory.upload(array), users: 0 };
      one.users++;
      known.set(data, one);
      const buffer = await one.buffer;
      arrayOf.set(buffer, data);
      return buffer;
    },
    download: (buffer) => memory.download(buffer),
    free(buffer) {
      const data = arrayOf.get(buffer);
      const one = data && known.get(data);
      if (one !== undefined && --one.users > 0) return;
      if (data !== undefined) known.delete(data);
      arrayOf.delete(buffer);
      memory.free(buffer);
    },
    release: () => memory.release(),
  };
}
