import { flag, oneOf, text, wholeNumber } from "../kinds";
import { setting } from "../setting-notes";

/** What is measured, what computes, and where the results go. */
export const running = {
  computeAlignments: setting(flag().default(true), {
    group: "Measurements",
    description:
      "measure how gradients, error signals and feedback weights agree with backpropagation's",
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
  threads: setting(wholeNumber(1, 1024).optional(), {
    group: "Engine",
    description: "threads to compute with (default: all cores)",
  }),

  out: setting(text("the path of a folder").optional(), {
    group: "Run",
    description: "run folder, new or empty (default: runs/<dataset>-<mode>-<time>)",
    placeholder: "dir",
    path: true,
  }),
};

/** How one command behaves: on the command line only. */
export const command = {
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
};
