import { bioflaxVersion } from "../../base/version";
import type { TrainedNetwork } from "../open-run";

/**
 * What an exported network is to be used with, as texts: the ones that are not words are JSON.
 *
 * Above all `normalization`: the network sees (raw · scale − mean) / standardDeviation.
 */
export function describeTrained({ spec, loss, data, run }: TrainedNetwork): Record<string, string> {
  const { normalization, classNames, imageShape, inputShape, outputs } = data;
  const optional = { normalization, classNames, imageShape };
  return {
    producer: `bioflax ${bioflaxVersion}`,
    rule: spec.rule,
    dataset: data.name,
    task: data.task,
    loss,
    inputShape: JSON.stringify(spec.inputShape),
    exampleShape: JSON.stringify(inputShape),
    outputs: String(outputs),
    seed: String(run.config.seed),
    ...Object.fromEntries(
      Object.entries(optional).flatMap(([key, value]) =>
        value === undefined ? [] : [[key, JSON.stringify(value)]],
      ),
    ),
  };
}
