import {
  BioflaxError,
  checkLoss as checkRulesWithLoss,
  createNetwork,
  createOptimizer,
  getLoss,
  type LossName,
  losses,
  models,
  type OptimizerSpec,
  type Rule,
  ruleFeatures,
  rules,
  targetKinds,
} from "@bioflax/core";
import { getDataset } from "@bioflax/datasets/node";
import { checkDevice, checkPrecision } from "../config/check-device";
import { checkSize } from "../config/check-size";
import { optimizerOptions } from "../config/groups/optimizer";
import { ownOptions } from "../config/groups/own-options";
import type { Label } from "../config/label";
import { takesSetting } from "../config/models";
import type { Config } from "../config/schema";
import { isOff } from "../config/shared-options";
import { imageSets, targetsOf } from "../config/targets";
import { givenLearningSettings } from "../experiment/learning-options";
import { dataByName, kernelLayersOf, networkOf, rulesOf } from "../experiment/network";
import { lossNameOf, optimizerOf } from "../experiment/training";
import { checkSchedule } from "./check-schedule";

/**
 * What no setting can check by itself.
 *
 * @returns a sentence for each problem.
 */
export function checkTogether(config: Config, label: Label): string[] {
  const sizes = checkSize(config, label);
  if (sizes.length > 0) return sizes;
  const unfit = checkSymbols(config, label);
  if (unfit.length > 0) return unfit;
  const lengths = checkLengths(config, label);
  return [
    ...checkAugment(config, label),
    ...checkAdversarial(config, label),
    ...checkAlignment(config, label),
    ...checkDropout(config, label),
    ...checkOwnOptions(config, label),
    ...checkOptimizer(config, label),
    ...checkSchedule(config, label),
    ...checkDevice(config, label),
    ...checkPrecision(config, label),
    ...lengths,
    ...checkLoss(config, label),
    ...checkSmoothing(config, label),
    ...checkClassWeights(config, label),
    // Which layer has which rule is known only when the lists fit.
    ...(lengths.length === 0 ? checkRules(config, label) : []),
  ];
}

/** Symbols and a model that would compute with their numbers. */
function checkSymbols({ dataset, model }: Config, label: Label): string[] {
  const fitting = [...models].filter(({ inputs }) => inputs === "sequences");
  if (!getDataset(dataset).symbols || fitting.some(({ name }) => name === model)) return [];
  return [
    `${label("model")} and ${label("dataset")}: expected a model of sequences, which embeds the symbols of ${dataset}, received ${model}, which computes with ` +
      `numbers. Use ${fitting.map(({ name }) => name).join(" or ")}`,
  ];
}

function checkAugment({ dataset, augment }: Config, label: Label): string[] {
  if (!augment || imageSets().includes(dataset)) return [];
  return [
    `${label("augment")} and ${label("dataset")}: expected a data set of images, which can be moved and mirrored, received ${dataset}. ` +
      `Leave it out, or use one of the data sets ${imageSets().join(", ")}`,
  ];
}

function checkAdversarial({ dataset, adversarialEps }: Config, label: Label): string[] {
  if (adversarialEps === 0 || !getDataset(dataset).symbols) return [];
  return [
    `${label("adversarialEps")} and ${label("dataset")}: expected examples that can be moved a little, received ${dataset}, whose examples are numbers of symbols, ` +
      "between which there is nothing. Leave it out, or use another data set",
  ];
}

function checkAlignment({ computeAlignments, alignEvery }: Config, label: Label): string[] {
  if (computeAlignments || alignEvery === undefined) return [];
  return [
    `${label("alignEvery")} and ${label("computeAlignments")}: expected the alignment to be measured where it is said how often, ` +
      `received ${alignEvery} and false. Leave one of them out`,
  ];
}

function checkDropout(config: Config, label: Label): string[] {
  const { model, dropout } = config;
  if (dropout === 0 || takesSetting(config, "dropout")) return [];
  const fitting = models.names().filter((name) => takesSetting({ model: name }, "dropout"));
  return [
    `${label("dropout")} and ${label("model")}: expected no dropout with the model ${model}, which is what it is, received ${dropout}. ` +
      `Leave it out, or use the model ${fitting.join(" or ")}`,
  ];
}

/** Options of other data sets, models and schedules than the run's. */
function checkOwnOptions(config: Config, label: Label): string[] {
  const settings = config as Readonly<Record<string, unknown>>;
  return ownOptions().flatMap(({ key, name, owners }) =>
    settings[name] === undefined || owners.includes(config[key])
      ? []
      : [
          `${label(name as keyof Config)}: expected none with the ${key} ${config[key]}, which has no such option, received ${settings[name]}. ` +
            `Leave it out, or use the ${key} ${owners.join(" or ")}`,
        ],
  );
}

/** Options that the optimizer has not, which it would train without, and what it has against those it has. */
function checkOptimizer(config: Config, label: Label): string[] {
  const { optimizer } = config;
  const settings = config as Readonly<Record<string, unknown>>;
  const foreign = optimizerOptions().flatMap(({ name, owners }) => {
    const value = settings[name];
    if (value === undefined || isOff(value) || owners.includes(optimizer)) return [];
    return [
      `${label(name as keyof Config)}: expected none with the optimizer ${optimizer}, which has no such option, received ${value}. ` +
        `Leave it out, or use the optimizer ${owners.join(" or ")}`,
    ];
  });
  const { schedule: _checkedElsewhere, ...spec } = optimizerOf(config, 1);
  const refused = refusal(label("optimizer"), () => createOptimizer(spec as OptimizerSpec));
  return refused === undefined ? foreign : [...foreign, refused];
}

function checkLengths(config: Config, label: Label): string[] {
  const { model, hiddenLayers, activations, layerModes } = config;
  const problems: string[] = [];
  const count = (list: readonly unknown[]) => `${list.length} (${list.join(", ") || "none"})`;
  const isOfHiddenLayers = takesSetting(config, "hiddenLayers");
  if (takesSetting(config, "activations") && hiddenLayers.length !== activations.length) {
    problems.push(
      `${label("hiddenLayers")} and ${label("activations")}: expected one activation for each hidden layer, ` +
        `received ${count(hiddenLayers)} layers and ${count(activations)} activations. Give as many of the one as of the other`,
    );
  }
  if (layerModes === undefined || layerModes.length === kernelLayersOf(config)) return problems;
  const [where, received] = isOfHiddenLayers
    ? [label("hiddenLayers"), `${count(hiddenLayers)} layers`]
    : [label("model"), `${model}, which has ${kernelLayersOf(config)} layers that learn`];
  return [
    ...problems,
    `${where} and ${label("layerModes")}: expected one rule for each hidden layer and one for the output, ` +
      `received ${received} and ${count(layerModes)} rules. Give one rule more than hidden layers`,
  ];
}

function checkLoss({ dataset, loss }: Config, label: Label): string[] {
  const { kind } = targetsOf(dataset);
  const takes = (name: LossName) => getLoss(name).targets.includes(kind);
  if (loss === undefined || takes(loss)) return [];
  const fitting = (losses.names() as LossName[]).filter(takes);
  const taken = getLoss(loss).targets.map((name) => targetKinds[name].title);
  return [
    `${label("loss")} and ${label("dataset")}: expected a loss of ${targetKinds[kind].title}, which the targets of ${dataset} are, ` +
      `received ${loss}, a loss of ${taken.join(" or ")}. Use ${fitting.join(" or ")}, or another data set`,
  ];
}

function checkSmoothing(config: Config, label: Label): string[] {
  const { labelSmoothing } = config;
  const name = lossNameOf(config);
  if (labelSmoothing === 0 || getLoss(name).smoothed !== undefined) return [];
  return [
    `${label("labelSmoothing")}: expected none with the loss ${name}, whose targets are values and no labels, received ${labelSmoothing}`,
  ];
}

function checkClassWeights({ dataset, classWeights }: Config, label: Label): string[] {
  const { task } = targetsOf(dataset);
  if (classWeights === undefined || task === "classification") return [];
  return [
    `${label("classWeights")} and ${label("dataset")}: expected none where examples do not belong to one class each, received ` +
      `${classWeights} with ${dataset}. Leave it out, or choose a data set of classes`,
  ];
}

/** Settings of layers that no rule has a use for, and whatever core has against the rules. */
function checkRules(config: Config, label: Label): string[] {
  const used: Rule[] = [...new Set(rulesOf(config))].map((name) => rules.get(name));
  const problems = givenLearningSettings(config).flatMap(({ key, given, needs }) => {
    if (needs === undefined || used.some(ruleFeatures[needs].has)) return [];
    const fitting = [...rules].filter(ruleFeatures[needs].has);
    const names = (some: readonly Rule[]) => some.map(({ name }) => name).join(", ");
    return [
      `${label(key)}: expected none where no layer's rule ${ruleFeatures[needs].phrase}, received ${given} with ${names(used)}. ` +
        `Leave it out, or use one of the rules ${names(fitting)}`,
    ];
  });
  return [...problems, ...refusals(config, label)];
}

/** Why core refuses the network, if it does. What it has against a rule does not depend on the data's sizes. */
function refusals(config: Config, label: Label): string[] {
  const spec = networkOf(config, dataByName(config));
  const chosen = label(config.layerModes === undefined ? "mode" : "layerModes");
  const refused =
    refusal(chosen, () => createNetwork(spec)) ??
    refusal(`${chosen} and ${label("loss")}`, () =>
      checkRulesWithLoss(createNetwork(spec).rules, lossNameOf(config)),
    );
  return refused === undefined ? [] : [refused];
}

function refusal(settings: string, create: () => unknown): string | undefined {
  try {
    create();
    return undefined;
  } catch (error) {
    if (error instanceof BioflaxError) return `${settings}: ${error.message}`;
    throw error;
  }
}
