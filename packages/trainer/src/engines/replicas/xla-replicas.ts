import { XlaNetwork } from "@bioflax/xla";
import type { EngineSetup } from "../engine";
import { openPlace } from "../xla-place";
import type { ReplicasEngineFactory } from "./replicas-engine";
import { replicasSetupOf, tracedReplicas } from "./traced-replicas";

/**
 * The engine in XLA for replicas: many steps of all of them as one loop.
 *
 * @throws DeviceError for a device that is not there, BioflaxError for one it does not have.
 */
export const createXlaReplicas: ReplicasEngineFactory = async (setups) => {
  const { device: wanted, threads: most } = setups[0] as EngineSetup;
  const { about, place, release } = await openPlace(wanted, most);
  try {
    const networks = await XlaNetwork.createReplicas({ ...replicasSetupOf(setups), ...place });
    const engine = tracedReplicas(about, networks);
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
