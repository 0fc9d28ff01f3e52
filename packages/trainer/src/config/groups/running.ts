import { deviceNames, engineChoices, engineNames, precisions } from "../../devices/names";
import { flag, number, oneOf, plugins, text, wholeNumber } from "../kinds";
import { setting } from "../setting-notes";

/** What is measured, what computes, and where the results go. */
export const running = () => ({
  computeAlignments: setting(flag().default(true), {
    group: "Measurements",
    description:
      "measure how gradients, error signals and feedback weights agree with backpropagation's",
  }),
  alignmentBatches: setting(wholeNumber(1).default(5), {
    group: "Measurements",
    description:
      "first batches of each epoch that the alignment is measured on (not examples, steps, epochs or runs, which --train-set-size, --epochs and --seeds count)",
    aliases: ["n"],
  }),
  alignEvery: setting(wholeNumber(1).optional(), {
    group: "Measurements",
    description:
      "steps from one measurement of the alignment to the next, from the first step of the run on, in place of the first batches of each epoch; " +
      "each is kept with its step in metrics.jsonl",
    placeholder: "k",
    elsewhere: ["alignmentEvery", "logEvery"],
  }),
  plot: setting(flag().default(false), {
    group: "Measurements",
    description: "write report.html with curves and sample predictions",
    resumable: true,
    elsewhere: ["report"],
  }),

  engine: setting(oneOf(engineChoices).default("compiled"), {
    group: "Engine",
    description:
      "what computes: compiled (ONNX Runtime, whole stretches of an epoch at a time), eager (TensorFlow.js, step by step) or " +
      "xla (XLA, whole stretches too, on any device with a PJRT plugin); or auto for the faster of compiled and xla, by measuring",
    resumable: true,
  }),
  device: setting(text("the name of a device").default("auto"), {
    group: "Engine",
    description: `device of the engine: ${engineNames.map((engine) => `${deviceNames[engine].join(", ")} of ${engine}`).join("; ")}; or auto for the fastest that is there, WebGPU apart`,
    placeholder: "name",
    resumable: true,
    elsewhere: ["backend"],
  }),
  threads: setting(wholeNumber(1, 1024).optional(), {
    group: "Engine",
    description: "threads to compute with (default: the cores there are for this process)",
    resumable: true,
    elsewhere: ["numThreads", "workers", "numWorkers"],
  }),

  precision: setting(oneOf(precisions).default("float32"), {
    group: "Engine",
    description:
      "what matrices are multiplied in: float32, or bfloat16 on the eager engine's device tensorflow, where the processor has a unit for it",
    placeholder: "type",
    resumable: true,
  }),

  checkpointEvery: setting(wholeNumber(0).default(1), {
    group: "Run",
    description:
      "epochs from one checkpoint to the next, at least a second apart; 0 for none but that of Ctrl-C",
    resumable: true,
    elsewhere: ["saveEvery"],
  }),
  checkpointSeconds: setting(number(0).default(60), {
    group: "Run",
    description: "seconds after which an epoch under way has a checkpoint too; 0 for none",
    placeholder: "s",
    resumable: true,
  }),
  onNan: setting(oneOf(["stop", "continue"]).default("stop"), {
    group: "Run",
    description:
      "what a loss that is no longer finite does: stop the run, or go on, null in metrics.jsonl",
    resumable: true,
  }),
  plugins: setting(plugins().optional(), {
    group: "Run",
    description:
      "module with rules, layers or other definitions of your own, or the name of a package that is one, see docs/plugins.md; may be repeated",
    placeholder: "module",
    repeatedAs: "plugin",
    // That it is the same is checked by its digest.
    resumable: true,
  }),
  out: setting(text("the path of a folder").optional(), {
    group: "Run",
    description: "run folder, new or empty (default: runs/<dataset>-<mode>-<time>)",
    placeholder: "dir",
    path: true,
    elsewhere: ["output", "outputDir", "runDir", "logDir"],
  }),
});

/** How one command behaves: on the command line only. */
export const command = () => ({
  data: setting(text("the path of a file or a folder").optional(), {
    group: "Data",
    description:
      "data of your own: a .npz file of images, a table .csv or .npy whose last column is the class, a text .txt, a folder of idx files as MNIST's, or one with a " +
      "folder of PNG pictures for each class; classes are counted. What it is, is looked at: it stands for --dataset npz, table, text, idx or folder " +
      "with --data-dir",
    placeholder: "path",
  }),
  resume: setting(text("the path of a run folder").optional(), {
    group: "Run",
    description: "run folder to go on in, where it was stopped",
    placeholder: "run",
    elsewhere: ["continue"],
  }),
  resumeOrStart: setting(text("the path of a run folder").optional(), {
    group: "Run",
    description:
      "run folder to go on in if it holds a run, and to start one in if not: for jobs that are queued again",
    placeholder: "run",
  }),
  seeds: setting(text("seeds, such as 0..9 or 1,5,8").optional(), {
    group: "Run",
    description:
      "train a run of each seed, all at once as replicas, in the folders seed-0, seed-1, … of the run folder: 0..9, 1,5,8 or 0..4,7",
    placeholder: "seeds",
    elsewhere: ["replicas"],
  }),
  config: setting(text("the path of a file").optional(), {
    group: "Run",
    description: "YAML or JSON file with settings; the command line overrides it",
    placeholder: "file",
  }),
  quiet: setting(flag().default(false), {
    group: "Run",
    description: "print only errors and the last line",
    elsewhere: ["silent"],
  }),
  verbose: setting(flag().default(false), {
    group: "Run",
    description:
      "also print which operators of a training step the device leaves to the processor, and TensorFlow's own log",
  }),
  json: setting(flag().default(false), {
    group: "Run",
    description: "print the summary as JSON, the last line of stdout",
  }),
});
