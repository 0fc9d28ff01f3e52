import type { EngineChoice } from "../../devices/names";
import { startFastest } from "../auto/auto";
import type { MeasuredFactory } from "../auto/measure";
import type { EngineSetup } from "../engine";
import type { ReplicasEngineFactory } from "./replicas-engine";

/** How to get at each engine for replicas; one is loaded only when it is asked for. */
const engines: { readonly [E in EngineChoice]: () => Promise<ReplicasEngineFactory> } = {
  compiled: async () => (await import("./compiled-replicas")).createCompiledReplicas,
  eager: async () => (await import("./eager-replicas")).createEagerReplicas,
  xla: async () => (await import("./xla-replicas")).createXlaReplicas,
  auto: async () => automaticReplicas,
};

/** Replicas in what trains them fastest, by measuring a few steps of all of them. */
const automaticReplicas: ReplicasEngineFactory = async (setups) => {
  const [first] = setups as readonly [EngineSetup];
  const { made } = await startFastest(first, {
    networks: setups.length,
    load: async (engine) => measured(await loadReplicasEngine(engine), setups),
    async start({ engine, device, why }) {
      const createReplicas = await loadReplicasEngine(engine);
      const replicas = await createReplicas(setups.map((setup) => ({ ...setup, device })));
      return { ...replicas, why };
    },
  });
  return made;
};

/** Replicas as what is measured: all of them on the same rows. */
const measured =
  (createReplicas: ReplicasEngineFactory, setups: readonly EngineSetup[]): MeasuredFactory =>
  async ({ device, threads, slots, stepsTaken }) => {
    const own = { device, threads, slots, stepsTaken };
    const replicas = await createReplicas(setups.map((setup) => ({ ...setup, ...own })));
    return {
      async trainEpoch(rows) {
        const results = await replicas.trainEpoch(
          setups.map(() => rows),
          {
            examples: setups.map(({ dataset }) => dataset.train.examples),
            alignmentBatches: 0,
            onProgress() {},
            signal: new AbortController().signal,
          },
        );
        return results[0] as (typeof results)[number];
      },
      dispose: () => replicas.dispose(),
    };
  };

/** Loads an engine for replicas. */
export function loadReplicasEngine(name: EngineChoice): Promise<ReplicasEngineFactory> {
  return engines[name]();
}
