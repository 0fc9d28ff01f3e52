import type { Replicas } from "@bioflax/compiler";
import { BioflaxError } from "@bioflax/core";
import type { EngineSetup } from "../engine";
import { JointExamples } from "./joint-examples";
import type { ReplicasEngine } from "./replicas-engine";

/** What the networks of some replicas are made from, but for the device. */
export function replicasSetupOf(setups: readonly EngineSetup[]) {
  const [{ dataset, batchSize, stepsTaken }] = setups as readonly [EngineSetup];
  const layouts = setups.map(({ dataset: { inputShape, targetShape, normalization } }) => ({
    inputShape,
    targetShape,
    normalization,
  }));
  if (new Set(layouts.map((layout) => JSON.stringify(layout))).size > 1)
    throw new BioflaxError(
      `Replicas: expected data that looks and is normalised the same, received several kinds of ${dataset.name}.`,
    );
  return {
    replicas: setups.map(({ spec, loss, optimizer, weights, slots, seed }) => ({
      ...{ spec, loss, optimizer, weights, slots, seed },
    })),
    layout: layouts[0] as (typeof layouts)[number],
    batchSize,
    stepsTaken,
  };
}

/** Networks that are trained by steps of all of them as an engine of the command. */
export function tracedReplicas(
  about: Pick<ReplicasEngine, "name" | "device" | "why" | "threads" | "versions">,
  networks: Replicas,
): ReplicasEngine {
  const joint = new JointExamples();
  return {
    ...about,
    trainEpoch(given, { examples: all, ...options }) {
      const { examples, rows } = joint.of(all, given);
      // A joint row is not the same example's in every epoch: which have examples of their own may change.
      return networks.train(examples, rows, { ...options, exampleNumbers: given });
    },
    evaluate(splits) {
      const all = splits.map(({ examples }) => examples);
      const { examples, rows } = joint.of(
        all,
        splits.map(({ indices }) => indices),
      );
      return networks.evaluate(examples, rows);
    },
    predict: (replica, { examples }, rows) => networks.predictOne(replica, examples, rows),
    weights: (replica) => networks.weights(replica),
    snapshot: (replica) => networks.snapshot(replica),
    dispose: () => networks.dispose(),
  };
}
