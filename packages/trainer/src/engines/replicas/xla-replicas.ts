import { join } from "node:path";
import { cacheFolder } from "@bioflax/datasets";
import { ProgramCache, XlaNetwork } from "@bioflax/xla";
import { openDevice } from "../../devices/xla/open-device";
import type { EngineSetup } from "../engine";
import type { ReplicasEngineFactory } from "./replicas-engine";
import { replicasSetupOf, tracedReplicas } from "./traced-replicas";

/**
 * The engine in XLA for replicas: many steps of all of them as one loop.
 *
 * @throws DeviceError for a device that is not there, BioflaxError for one it does not have.
 */
export const createXlaReplicas: ReplicasEngineFactory = async (setups) => {
  const { device: wanted, threads: most } = setups[0] as EngineSetup;
  const {
    name: device,
    why,
    threads,
    versions,
    plugin,
    release,
    ...place
  } = await openDevice(wanted, most);
  const cache = new ProgramCache(join(cacheFolder(), "programs"), plugin);
  try {
    const setup = { ...replicasSetupOf(setups), ...place, cache };
    const networks = await XlaNetwork.createReplicas(setup);
    const about = { name: "xla", device, why, threads, versions } as const;
    const engine = tracedReplicas(about, networks, setups.length);
    return {
      ...engine,
      async dispose() {
        await engine.dispose();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
};
