import { getRule } from "@bioflax/core";
import type { Dataset } from "@bioflax/datasets";
import type { RunDescription } from "@bioflax/report";
import { takesSetting } from "../config/models";
import type { Config } from "../config/schema";
import { targetsOf } from "../config/targets";
import { describeNetwork } from "../experiment/describe-network";
import { papersOf, ruleByLayer, titleOf } from "../experiment/describe-rules";
import { networkOf, rulesOf } from "../experiment/network";

/**
 * What a run's settings come to, for a report.
 *
 * @param dataset the one it was trained on, which decides the network with them; what the settings alone say when left
 *   out.
 */
export function describeRun(config: Config, dataset?: Dataset): RunDescription {
  const rules = rulesOf(config).map(getRule);
  const spec = dataset && networkOf(config, dataset);
  const settingsOnly = takesSetting(config, "hiddenLayers")
    ? `Hidden layers ${config.hiddenLayers.join("-") || "none"}`
    : `Network ${config.model}`;
  return {
    dataset: config.dataset,
    task: targetsOf(config.dataset).task,
    seed: config.seed,
    epochs: config.epochs,
    engine: config.engine,
    rules: titleOf(rules),
    ruleByLayer: ruleByLayer(rules),
    papers: papersOf(rules),
    network: spec ? `Network ${describeNetwork(config, spec)}` : settingsOnly,
    layers: spec?.layers,
  };
}
