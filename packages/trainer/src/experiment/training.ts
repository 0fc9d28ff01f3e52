import {
  type LossName,
  type LossSpec,
  losses,
  type OptimizerSpec,
  optimizers,
} from "@bioflax/core";
import type { Normalization } from "@bioflax/datasets";
import type { Config } from "../config/schema";
import { defaultLossOf, targetsOf } from "../config/targets";
import { scheduleOf } from "./schedule";

/** The options a run tells its optimizer, of those that it has. */
function optionsOf(config: Config): Readonly<Record<string, unknown>> {
  const settings = config as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.keys(optimizers.get(config.optimizer as string).options).flatMap((option) =>
      settings[option] === undefined ? [] : [[option, settings[option]]],
    ),
  );
}

/** What a run tells its optimizer that is not so anyway, in words: `momentum 0.9`, `nesterov`. */
export function describeOptimizerOptions(config: Config): string[] {
  const { options } = optimizers.get(config.optimizer as string);
  return Object.entries(optionsOf(config)).flatMap(([name, value]) => {
    if (value === options[name]?.default) return [];
    return [value === true ? name : `${name} ${value}`];
  });
}

/** The name of a run's loss: of the one that is set, or the one that fits its data set. */
export function lossNameOf({ loss, dataset }: Pick<Config, "loss" | "dataset">): LossName {
  return loss ?? defaultLossOf(targetsOf(dataset).kind);
}

/** The output above which a run's network tells class 1, where it has one output, or a label. */
export const thresholdOf = (config: Pick<Config, "loss" | "dataset">): number =>
  losses.get(lossNameOf(config) as string).threshold;

/** The loss of a run. */
export function lossOf(config: Pick<Config, "loss" | "dataset" | "labelSmoothing">): LossSpec {
  const { labelSmoothing } = config;
  const name = lossNameOf(config);
  return labelSmoothing === 0 ? name : { name, labelSmoothing };
}

/**
 * The loss a run learns by: with `adversarialEps` in the unit of what the network sees.
 *
 * @param data by which that is normalised.
 */
export function trainingLossOf(
  config: Config,
  {
    normalization,
  }: { readonly normalization?: Pick<Normalization, "standardDeviation"> | undefined },
): LossSpec {
  const { adversarialEps } = config;
  const loss = lossOf(config);
  if (adversarialEps === 0) return loss;
  return {
    ...(typeof loss === "string" ? { name: loss } : loss),
    adversarialEps: adversarialEps / (normalization?.standardDeviation ?? 1),
  };
}

/**
 * The optimizer of a run.
 *
 * @param stepsPerEpoch how many batches an epoch has, which the schedule's epochs are counted in.
 */
export function optimizerOf(config: Config, stepsPerEpoch: number): OptimizerSpec {
  const schedule = scheduleOf(config, stepsPerEpoch);
  return {
    name: config.optimizer,
    learningRate: config.lr,
    ...optionsOf(config),
    weightDecay: config.weightDecay,
    ...(schedule && { schedule }),
  } as OptimizerSpec;
}
