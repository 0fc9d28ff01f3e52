import { join } from "node:path";
import { cacheFolder } from "@bioflax/datasets/node";
import { ProgramCache } from "@bioflax/xla";
import { openDevice } from "../devices/xla/open-device";

/**
 * A device of XLA's that an engine is to run on.
 *
 * @returns about: what the engine says of it; place: where its programs run, compiled ones kept in the cache folder;
 *   release: ends its use.
 * @throws DeviceError for a device that is not there, BioflaxError for one it does not have.
 */
export async function openPlace(wanted: string, most: number | undefined) {
  const { name, why, threads, versions, plugin, release, ...place } = await openDevice(
    wanted,
    most,
  );
  const cache = new ProgramCache(join(cacheFolder(), "programs"), plugin);
  const about = { name: "xla", device: name, why, threads, versions } as const;
  return { about, place: { ...place, cache }, release };
}
