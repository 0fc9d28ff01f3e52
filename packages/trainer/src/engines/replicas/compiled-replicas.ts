import { CompiledNetwork, chooseDevice, runtimeVersion } from "@bioflax/compiler";
import { availableThreads } from "@bioflax/core/node";
import type { EngineSetup } from "../engine";
import type { ReplicasEngineFactory } from "./replicas-engine";
import { replicasSetupOf, tracedReplicas } from "./traced-replicas";

/**
 * The compiled engine for replicas: each step of all of them in one graph.
 *
 * @throws DeviceError for a device that is not there, BioflaxError for one it does not have.
 */
export const createCompiledReplicas: ReplicasEngineFactory = async (setups) => {
  const { device: name, threads: wanted } = setups[0] as EngineSetup;
  const threads = wanted ?? availableThreads();
  const { device, why } = await chooseDevice(name);
  const networks = await CompiledNetwork.createReplicas({
    ...replicasSetupOf(setups),
    device,
    threads,
  });
  const versions = { "onnxruntime-node": await runtimeVersion() };
  return tracedReplicas({ name: "compiled", device, why, threads, versions }, networks);
};
