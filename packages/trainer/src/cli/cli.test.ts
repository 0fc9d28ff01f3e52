import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { rules } from "@bioflax/core";
import { datasets } from "@bioflax/datasets/node";
import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { fakeEngine, type Script } from "../../test/fake-engine";
import { runBioflax, type Surroundings } from "../../test/run-bioflax";
import { scratchFolder } from "../../test/scratch";
import type { StopSignal } from "../base/stop-signals";
import { normalizeArguments } from "./arguments";

const folder = scratchFolder();
let script: Script = {};
let runs = 0;

jest.mock("../engines/load", () => ({ loadEngine: async () => fakeEngine(script).createEngine }));
afterEach(() => {
  script = {};
});

/** Runs the command in this process, and lets tests interrupt it. */
const bioflax = (args: readonly string[], surroundings: Surroundings = {}) =>
  runBioflax(args, {
    ...surroundings,
    onStart: (stop) => {
      interruptRun = stop;
    },
  });
let interruptRun: (signal?: StopSignal) => void;

const small = [
  "train",
  "--dataset",
  "sinreg",
  "--train-set-size",
  "4",
  "--hidden-layers",
  "3",
  "--activations",
  "tanh",
];
const out = () => join(folder, String(runs++));

describe("bioflax", () => {
  test("--version tells what computes too", async () => {
    const { status, stdout, stderr } = await bioflax(["--version"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const versions = Object.fromEntries(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => line.split(/ +/)),
    );
    const own = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8"));
    expect(versions).toMatchObject({
      bioflax: own.version,
      node: process.versions.node,
      "onnxruntime-node": expect.stringMatching(/^\d+\.\d+\.\d+/),
      "@tensorflow/tfjs": expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
  });

  test.each([
    ["train"],
    ["config"],
    ["sweep"],
    ["report"],
    ["evaluate"],
    ["predict"],
    ["export"],
    ["devices"],
    ["completions"],
  ])("%s --help has examples, and no mark of a terminal where there is none", async (command) => {
    const { status, stdout, stderr } = await bioflax([command, "--help"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/\nExamples:\n( {2}.*bioflax .*\n)+/);
    expect(stdout).not.toContain("\x1b");
  });

  test("--help", async () => {
    const { status, stdout } = await bioflax(["--help"]);
    expect(status).toBe(0);
    expect(stdout).toContain("train [options]");
  });

  test("alone prints help and is bad usage", async () => {
    expect(await bioflax([])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("Usage: bioflax"),
    });
  });

  test("train --help", async () => {
    const { status, stdout } = await bioflax(["train", "--help"]);
    expect(status).toBe(0);
    expect(stdout).toMatchSnapshot();
  });
});

describe("bad usage has status 2, writes nothing and says", () => {
  const config = join(folder, "bad.yaml");
  writeFileSync(config, "epoch: 3\nlr: -1\n");
  test.each<[string, string[], string]>([
    ["an unknown command", ["trian"], "Did you mean train?"],
    ["the beginning of a command", ["eval"], "unknown command 'eval'\n(Did you mean evaluate?)"],
    [
      "the help of an unknown command",
      ["help", "trian"],
      "unknown command 'trian'\n(Did you mean train?)",
    ],
    ["the help of a command like none", ["help", "qqqqqq"], "unknown command 'qqqqqq'"],
    ["an unknown option", ["train", "--epoch", "3"], "(Did you mean --epochs?)"],
    ["an argument", ["train", "here"], "too many arguments"],
    [
      "a value without its option",
      ["train", "mnist"],
      "too many arguments for 'train'. Expected 0 arguments but got 1.\n(Did you mean --dataset mnist?)",
    ],
    [
      "several values for one",
      ["train", "--seed", "1", "2", "3"],
      "error: --seed: expected one value, received 1 2 3\n",
    ],
    [
      "an option by another program's name",
      ["train", "--learning-rate", "0.1"],
      "unknown option '--learning-rate'\n(Did you mean --lr?)",
    ],
    [
      "a misspelt choice of a command",
      ["export", "x", "--format", "onx"],
      "Allowed choices are tfjs, onnx, stablehlo, safetensors.\n(Did you mean onnx?)",
    ],
    ["a misspelt engine", ["evaluate", "x", "--engine", "compild"], "(Did you mean compiled?)"],
    [
      "an empty path",
      ["predict", "x", "-", "--out", ""],
      "--out: expected a path, received an empty",
    ],
    ["an empty run", ["evaluate", ""], "run: expected a path, received an empty"],
    ["an empty run among others", ["report", "x", ""], "runs: expected a path, received an empty"],
    ["an empty run folder", ["train", "--out="], "--out: expected a path, received an empty"],
    [
      "what acts on a terminal",
      ["train", "--mode", "\x1b[2J\x9b"],
      String.raw`received "\u001b[2J\u009b"`,
    ],
    ["an option that does", ["train", "--\x1b[2J"], String.raw`unknown option '--\u001b[2J'`],
    ["a missing value", ["train", "--lr"], "'--lr <rate>' argument missing"],
    [
      "text for a number",
      ["train", "--epochs", "ten"],
      '--epochs: expected a whole number from 1, received "ten"',
    ],
    [
      "hexadecimal",
      ["train", "--seed", "0x10"],
      '--seed: expected a whole number from 0, received "0x10"',
    ],
    ["an empty value", ["train", "--lr="], '--lr: expected a number from 0 upwards, received ""'],
    [
      "a negative rate",
      ["train", "--lr", "-0.1"],
      "--lr: expected a number from 0 upwards, received -0.1",
    ],
    [
      "an unknown rule",
      ["train", "--mode", "dfaa"],
      `--mode: expected one of ${rules.names().join(", ")}, received "dfaa". Did you mean "dfa"?`,
    ],
    [
      "a misspelt data set",
      ["train", "--dataset", "mnsit"],
      'received "mnsit". Did you mean "mnist"?\nSee',
    ],
    [
      "the name of several data sets",
      ["train", "--dataset", "emnist"],
      '"emnist-byclass", "emnist-bymerge", "emnist-balanced", "emnist-letters", "emnist-digits" or "emnist-mnist"?\nSee',
    ],
    [
      "a misspelt word in place of numbers",
      ["train", "--class-weights", "balancd"],
      'Did you mean "balanced"?\nSee',
    ],
    [
      "a misspelt rule among several",
      ["train", "--layer-modes", "dffa", "bp"],
      'received "dffa". Did you mean "dfa"?',
    ],
    ["a switch", ["train", "--plot", "maybe"], '--plot: expected true or false, received "maybe"'],
    [
      "lists that do not fit",
      ["train", "--hidden-layers", "9"],
      "--hidden-layers and --activations: expected one activation for each hidden layer",
    ],
    [
      "lists of rules that do not fit",
      ["train", "--layer-modes", "dfa", "bp"],
      "--hidden-layers and --layer-modes: expected one rule for each hidden layer and one for the output",
    ],
    [
      "a loss that does not fit",
      ["train", "--dataset", "sinreg", "--loss", "softmaxCrossEntropy"],
      "--loss and --dataset: expected a loss of values, which the targets of sinreg are",
    ],
    [
      "a rule the loss does not suit",
      ["train", "--dataset", "teacher", "--mode", "drtp"],
      '--mode and --loss: The rule "drtp" sends the target in place of the error',
    ],
    [
      "rules that do not go together",
      ["train", "--layer-modes", "dfa", "fa", "dfa"],
      '--layer-modes: Layer 1: the rule "fa" takes its error from the layer above',
    ],
    [
      "what a rule refuses",
      ["train", "--mode", "kp", "--feedback-connections", "3"],
      '--mode: Layer 0: the rule "kp" cannot be used here: feedbackConnections are for fixed feedback weights',
    ],
    [
      "a config file's mistakes",
      ["train", "--config", config, "--n", "0"],
      `3 problems:\n  ${config}: unknown setting "epoch". Did you mean "epochs"?`,
    ],
    ["a sweep of nothing", ["sweep"], "sweep: expected the file of a sweep, or lists of values"],
    ["a list that is none", ["sweep", "--set", "lr"], "--set: expected a setting and its values"],
    [
      "a misspelt setting of a list",
      ["sweep", "--set", "lrr=1,2"],
      '--set: unknown setting "lrr". Did you mean "lr"?',
    ],
    [
      "a value of a list",
      ["sweep", "--set", "lr=0.1,x", "--seeds", "0..1"],
      '--set: lr: expected a number from 0 upwards, received "x" (with lr x, seed 0, and in 1 more run)',
    ],
    [
      "two lists of one setting",
      ["sweep", "--set", "batch-size=1,2", "--set", "batchSize=3"],
      "--set: batchSize: expected all values of a setting in one list",
    ],
    ["seeds that are too many", ["sweep", "--seeds", "0..99999"], "at most 10000, received"],
    ["seeds that are none", ["sweep", "--seeds", "a"], "--seeds: expected seeds, such as 0..4"],
    [
      "one value of what is swept",
      ["sweep", "--set", "lr=1,2", "--lr", "3"],
      "--lr: expected one value for all runs, but --set has values of it",
    ],
    [
      "what a cluster does not go by",
      ["sweep", "--seeds", "0", "--launcher", "slurm", "--jobs", "2"],
      "--jobs: expected none beside --launcher slurm",
    ],
    ["a sweep that is not there", ["sweep", "no.yaml"], "no.yaml: expected the file of a sweep"],
    [
      "two formats at once",
      ["sweep", "status", "x", "--csv", "--jsonl"],
      "option '--csv' cannot be used with option '--jsonl'",
    ],
    [
      "a misspelt option of a command below one",
      ["sweep", "best", "x", "--metrik", "y"],
      "(Did you mean --metric?)\nSee bioflax sweep best --help",
    ],
    [
      "a missing config file",
      ["train", "--config", "none.yaml"],
      "--config none.yaml: expected a readable file, but there is no such file",
    ],
  ])("%s", async (_name, args, message) => {
    const { status, stdout, stderr } = await bioflax(args);
    expect(stderr).toContain(message);
    expect(stderr).toContain("--help");
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  });
});

describe("options", () => {
  const configOf = async (...args: string[]) => {
    const path = out();
    const { status, stderr } = await bioflax([...small, "--quiet", "--out", path, ...args]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringMatching(/^done in /) });
    return JSON.parse(readFileSync(join(path, "config.json"), "utf8"));
  };

  test.each<[string[], object]>([
    [["--batch_size", "7"], { batchSize: 7 }],
    [["--batch_size=7"], { batchSize: 7 }],
    [["--jax_seed", "3"], { seed: 3 }],
    [["--jax-seed=3"], { seed: 3 }],
    [["--lr", "1e-3", "--momentum", ".5"], { lr: 0.001, momentum: 0.5 }],
    [
      ["--hidden-layers", "4", "5", "--activations", "relu", "linear"],
      { hiddenLayers: [4, 5], activations: ["relu", "identity"] },
    ],
    [
      ["--hidden_layers=4,5", "--activations", "relu,elu"],
      { hiddenLayers: [4, 5], activations: ["relu", "elu"] },
    ],
    [["--hidden-layers", "--activations"], { hiddenLayers: [], activations: [] }],
    [["--hidden-layers", "9", "--hidden-layers", "4"], { hiddenLayers: [4] }],
    [["--layer-modes", "dfa", "bp"], { layerModes: ["dfa", "bp"] }],
    [["--layer_modes=dfa,bp", "--no-normalize"], { layerModes: ["dfa", "bp"], normalize: false }],
    [["--constrain-weights"], { constrainNorm: true }],
    [["--no-shuffle"], { shuffle: false }],
    [["--no_compute_alignments"], { computeAlignments: false }],
    [["--compute_alignments", "False"], { computeAlignments: false }],
    [
      ["--shuffle", "0", "--compute-alignments", "no"],
      { shuffle: false, computeAlignments: false },
    ],
    [["--shuffle", "--compute-alignments", "yes"], { shuffle: true, computeAlignments: true }],
  ])("%j", async (args, expected) => {
    expect(await configOf(...args)).toMatchObject(expected);
  });

  test("override a config file, which config.json is itself", async () => {
    const path = out();
    await bioflax([...small, "--mode", "kp", "--epochs", "2", "--out", path]);
    expect(await configOf("--config", join(path, "config.json"), "--epochs", "3")).toMatchObject({
      mode: "kp",
      epochs: 3,
    });
  });

  test("values and unknown options stay as they are written", () => {
    expect(
      normalizeArguments(["--no_such", "--out", "my_run", "--out=my_run", "--batchSize", "-x"]),
    ).toEqual(["--no_such", "--out", "my_run", "--out=my_run", "--batchSize", "-x"]);
  });
});

describe("a run", () => {
  test("prints a line an epoch, and the summary as the last line of stdout", async () => {
    const path = out();
    const { status, stdout, stderr, listeners } = await bioflax([
      ...small,
      "--epochs",
      "2",
      "--out",
      path,
      "--json",
    ]);
    expect(status).toBe(0);
    const summary = JSON.parse(readFileSync(join(path, "summary.json"), "utf8"));
    expect(JSON.parse(stdout.trimEnd().split("\n").at(-1)!)).toEqual({ ...summary, folder: path });
    expect(stderr).toContain("Feedback alignment (Lillicrap");
    expect(stderr).toMatch(/\n {2}1\/2 +1\.0023 +1\.0000 +1\.0000 +NaN +0\.500 \(60°\) +\d/);
    expect(stderr).toContain(path);
    // Neither a bar nor colours where nobody looks.
    for (const mark of ["\r", "\x1b", "━"]) expect(stderr).not.toContain(mark);
    expect(listeners).toBe(0);
  });

  test("tells the rule of each layer where they differ, the loss, and what else there is", async () => {
    const more = ["--layer-modes", "dfa", "bp", "--output-activation", "tanh", "--constrain-norm"];
    const { stderr } = await bioflax([...small, ...more, "--clip-norm", "0.5", "--out", out()]);
    expect(stderr).toContain(
      "rule      dfa, bp: Direct feedback alignment (Nøkland 2016); Backpropagation (",
    );
    expect(stderr).toContain("1-3-1, tanh, tanh; ");
    expect(stderr).toContain(
      "meanSquaredError, sgd, lr 0.02, constrained norms, gradients clipped at 0.5, batch 32",
    );
  });

  test.each([
    [["--schedule", "cosine"], "lr 0.02, cosine to 0, batch 32"],
    [
      ["--schedule", "cosine", "--final-rate", "0.001", "--warmup-epochs", "1"],
      "lr 0.02, cosine to 0.001, 1 epoch of warm-up, batch",
    ],
    [["--schedule", "multi-step", "--milestones", "3"], "lr 0.02, × 0.1 after epoch 3, batch"],
    [
      ["--schedule", "multi-step", "--milestones", "3,4", "--gamma", "0.5", "--momentum", "0.9"],
      "lr 0.02, × 0.5 after epochs 3, 4, momentum 0.9, batch",
    ],
    [["--schedule", "exponential", "--gamma", "0.9"], "lr 0.02, × 0.9 after each epoch, batch"],
    [["--warmup-epochs", "0.5"], "lr 0.02, 0.5 epochs of warm-up, batch"],
  ])("tells how the learning rate goes: %j", async (more, told) => {
    const { stderr } = await bioflax([...small, ...more, "--out", out()]);
    expect(stderr).toContain(told);
  });

  test("tells that labels are smoothed", async () => {
    const blobs = [...small, "--dataset", "blobs", "--label-smoothing", "0.1", "--out", out()];
    expect((await bioflax(blobs)).stderr).toContain(
      "softmaxCrossEntropy, sgd, lr 0.02, labels smoothed by 0.1, batch 32",
    );
  });

  test("shows a bar and colours on a terminal, but no colours under NO_COLOR", async () => {
    const shown = await bioflax([...small, "--out", out()], { isTTY: true });
    expect(shown.stderr).toContain("\r\x1b[2Kepoch 1/5 ");
    expect(shown.stderr).toContain("\x1b[1mbioflax");
    const plain = await bioflax([...small, "--out", out()], {
      isTTY: true,
      env: { NO_COLOR: "1" },
    });
    expect(plain.stderr).toContain("━");
    expect(plain.stderr.replaceAll("\x1b[2K", "")).not.toContain("\x1b");
  });

  test("that is quiet prints its last line only", async () => {
    const { stdout, stderr } = await bioflax([...small, "--quiet", "--out", out()]);
    expect(stdout).toBe("");
    expect(stderr).toMatch(
      /^done in .* best epoch 5: validation accuracy 83.33 %, test accuracy 83.33 % · .*\n$/,
    );
  });

  test("writes a report when asked to, and says where", async () => {
    const path = out();
    const { stderr } = await bioflax([...small, "--plot", "--out", path]);
    expect(stderr).toContain(`report    ${join(path, "report.html")}\n`);
    expect(existsSync(join(path, "report.html"))).toBe(true);
  });

  test("that diverges has status 1 and no stack", async () => {
    script = { loss: () => Number.NaN };
    const { status, stderr } = await bioflax([...small, "--out", out()]);
    expect(status).toBe(1);
    expect(stderr).toContain(
      "error: Training diverged: the training loss is NaN at epoch 1, step 1",
    );
    expect(stderr).not.toContain("    at ");
  });

  test("into a folder in use has status 1", async () => {
    const path = out();
    await bioflax([...small, "--out", path]);
    const before = readdirSync(path);
    const { status, stderr } = await bioflax([...small, "--out", path]);
    expect({ status, files: readdirSync(path) }).toEqual({ status: 1, files: before });
    expect(stderr).toContain("expected a new or empty folder");
  });

  test("that meets a bug shows the stack", async () => {
    script = {
      onStep() {
        throw new TypeError("x is not a function");
      },
    };
    const { status, stderr } = await bioflax([...small, "--out", out()]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/TypeError: x is not a function\n +at .*This is a bug in bioflax/s);
  });

  test("whose data set of one's own throws says whose, and shows where", async () => {
    datasets.add({
      ...datasets.get("moons"),
      name: "failing",
      load() {
        throw new TypeError("x is not a function");
      },
    });
    try {
      const given = ["--dataset", "failing", "--loss", "sigmoidCrossEntropy", "--out", out()];
      const { status, stderr } = await bioflax([...small, ...given]);
      expect(stderr).toMatch(
        /error: Data set "failing": load: x is not a function\.\nTypeError: x is not a function\n +at /,
      );
      expect(stderr).not.toContain("bug in bioflax");
      expect(status).toBe(1);
    } finally {
      datasets.remove("failing");
    }
  });

  test("is resumed after Ctrl-C, with settings that leave the numbers as they are alone", async () => {
    script = {
      onStep: (epoch, step) => {
        if (epoch === 2 && step === 2) interruptRun();
      },
    };
    const path = out();
    expect((await bioflax([...small, "--out", path])).status).toBe(130);
    script = {};
    const refused = await bioflax(["train", "--resume", path, "--lr", "0.5", "--epochs", "6"]);
    expect(refused).toMatchObject({ status: 2, stdout: "" });
    expect(refused.stderr).toContain("error: --lr: expected 0.02, as the run has it, received 0.5");
    const both = await bioflax(["train", "--resume", path, "--config", join(path, "config.json")]);
    expect(both).toMatchObject({ status: 2 });
    expect(both.stderr).toContain("--config and --resume: expected one of them");

    const resumed = await bioflax(["train", "--resume", path, "--epochs", "6", "--json"]);
    expect(resumed).toMatchObject({ status: 0, listeners: 0 });
    expect(resumed.stderr).toContain("note: resuming in epoch 2, after 64 examples\n");
    expect(JSON.parse(resumed.stdout)).toMatchObject({ status: "done", epochs: 6, folder: path });
    const again = await bioflax(["train", "--resume", path, "--quiet"]);
    expect(again).toMatchObject({ status: 0, stderr: expect.stringMatching(/^done in /) });
    const loud = await bioflax(["train", "--resume", path]);
    expect(loud.stderr).toContain("note: nothing left to do: all 6 epochs are done");
  });

  test("that is not there cannot be resumed", async () => {
    const { status, stderr } = await bioflax(["train", "--resume", "none"]);
    expect(status).toBe(1);
    expect(stderr).toContain(
      "--resume none: expected the folder of a run, but there is no such folder",
    );
  });

  test("that needs more memory than there is says so", async () => {
    script = {
      onStep() {
        throw new RangeError("Array buffer allocation failed");
      },
    };
    const { status, stderr } = await bioflax([...small, "--out", out()]);
    expect({ status, stderr: stderr.split("\n").at(-2) }).toEqual({
      status: 1,
      stderr:
        "error: there is not enough memory (Array buffer allocation failed). Try a smaller --batch-size, less data or a smaller network.",
    });
  });

  test("stops at Ctrl-C with status 130, and at a second one at once", async () => {
    const interrupt = (times: number) => (epoch: number, step: number) => {
      if (epoch === 2 && step === 2) for (let i = 0; i < times; i++) interruptRun();
    };
    script = { onStep: interrupt(1) };
    const path = out();
    const once = await bioflax([...small, "--out", path]);
    expect(once).toMatchObject({ status: 130, exits: [], listeners: 0 });
    expect(once.stderr).toContain("press Ctrl-C again to stop at once");
    expect(once.stderr).toMatch(/interrupted in .* best epoch 1/);
    expect(JSON.parse(readFileSync(join(path, "summary.json"), "utf8"))).toMatchObject({
      status: "interrupted",
      epochs: 1,
    });
    script = { onStep: interrupt(2) };
    expect((await bioflax([...small, "--out", out()])).exits).toEqual([130]);
  });
});

// Reported: SIGHUP, SIGUSR1, SIGUSR2 and SIGQUIT ended a run without saving it, or opened a debugger.
describe("bioflax train, sent a signal by a terminal or a cluster", () => {
  test.each<StopSignal>([
    "SIGINT",
    "SIGTERM",
    "SIGHUP",
    "SIGQUIT",
    "SIGUSR1",
    "SIGUSR2",
    "SIGXCPU",
  ])("%s: saves what there is and ends with status 130", async (signal) => {
    script = {
      onStep(epoch, step) {
        if (epoch === 2 && step === 2) interruptRun(signal);
      },
    };
    const path = out();
    const ran = await bioflax([...small, "--out", path]);
    expect(ran).toMatchObject({ status: 130, exits: [], listeners: 0 });
    expect(ran.stderr).toContain(
      signal === "SIGINT"
        ? "\nstopping after the steps"
        : `\nstopping at ${signal} after the steps`,
    );
    const summary = JSON.parse(readFileSync(join(path, "summary.json"), "utf8"));
    expect(summary).toMatchObject({ status: "interrupted", epochs: 1 });
    expect(existsSync(join(path, "checkpoints", "last.safetensors"))).toBe(true);
    expect(existsSync(join(path, ".lock"))).toBe(false);
  });

  test.each<[StopSignal, StopSignal, number[]]>([
    ["SIGUSR1", "SIGTERM", []],
    ["SIGTERM", "SIGTERM", []],
    ["SIGHUP", "SIGINT", [130]],
    ["SIGTERM", "SIGQUIT", [130]],
  ])("%s and then %s: only the keyboard stops the saving", async (first, second, exits) => {
    script = {
      onStep(epoch, step) {
        if (epoch !== 2 || step !== 2) return;
        interruptRun(first);
        interruptRun(second);
      },
    };
    expect((await bioflax([...small, "--out", out()])).exits).toEqual(exits);
  });
});

describe("bioflax train --resume-or-start", () => {
  const summaryOf = (path: string) =>
    JSON.parse(readFileSync(join(path, "summary.json"), "utf8")) as {
      status: string;
      epochs: number;
    };

  test("starts a run where there is none, goes on with it the next time, and is done at last", async () => {
    const path = out();
    const job = [...small, "--epochs", "3", "--lr", "0.05", "--resume-or-start", path];
    script = {
      onStep(epoch, step) {
        if (epoch === 2 && step === 2) interruptRun("SIGUSR1");
      },
    };
    expect((await bioflax(job)).status).toBe(130);
    expect(summaryOf(path)).toMatchObject({ status: "interrupted", epochs: 1 });
    script = {};
    const second = await bioflax(job);
    expect(second.status).toBe(0);
    expect(second.stderr).toContain("note: resuming in epoch 2");
    expect(summaryOf(path)).toMatchObject({ status: "done", epochs: 3 });
    const third = await bioflax(job);
    expect(third.status).toBe(0);
    expect(third.stderr).toContain("nothing left to do");
  });

  test("refuses a folder of other files, by the option that names it", async () => {
    const path = out();
    mkdirSync(path);
    writeFileSync(join(path, "thesis.tex"), "mine");
    const { status, stderr } = await bioflax([...small, "--resume-or-start", path]);
    expect(status).toBe(1);
    expect(stderr).toContain(
      `--resume-or-start ${path}: expected a new or empty folder, received one that holds thesis.tex. Choose another --resume-or-start, or move that folder away.`,
    );
    expect(readdirSync(path)).toEqual(["thesis.tex"]);
  });

  test("takes what is left out from the run, and refuses what would be another run", async () => {
    const path = out();
    const weights = join(path, "initial.safetensors");
    await bioflax([...small, "--epochs", "1", "--lr", "0.05", "--resume-or-start", path]);
    const more = await bioflax(["train", "--epochs", "2", "--resume-or-start", path]);
    expect(more.status).toBe(0);
    expect(summaryOf(path)).toMatchObject({ status: "done", epochs: 2 });
    const before = readFileSync(join(path, "config.json"), "utf8");
    const other = await bioflax([...small, "--lr", "0.5", "--resume-or-start", path]);
    expect(other).toMatchObject({ status: 2 });
    expect(other.stderr).toContain("--lr: expected 0.05, as the run has it, received 0.5");
    expect(readFileSync(join(path, "config.json"), "utf8")).toBe(before);
    // A path means the same however it is written.
    const from = out();
    const init = [...small, "--epochs", "1", "--resume-or-start", from, "--init"];
    expect((await bioflax([...init, weights])).status).toBe(0);
    expect((await bioflax([...init, relative(".", weights)])).stderr).toContain("nothing left");
  });

  test("takes settings from a file as well", async () => {
    const path = out();
    const file = join(folder, "job.yaml");
    writeFileSync(
      file,
      "dataset: sinreg\ntrainSetSize: 4\nhiddenLayers: []\nactivations: []\nepochs: 1\n",
    );
    const job = ["train", "--config", file, "--resume-or-start", path];
    expect((await bioflax(job)).status).toBe(0);
    expect((await bioflax(job)).stderr).toContain("nothing left to do");
  });

  test.each([
    [["--out", "x"], "--out and --resume-or-start: expected one of them, received 2"],
    [["--resume", "x"], "--resume and --resume-or-start: expected one of them, received 2"],
  ])("with %j is bad usage", async (others, message) => {
    const ran = await bioflax(["train", "--resume-or-start", "y", ...others]);
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining(message) });
  });
});

describe("bioflax report", () => {
  test("makes a page of runs and prints its path", async () => {
    const runs = [out(), out()];
    for (const [seed, path] of runs.entries())
      await bioflax([...small, "--seed", String(seed), "--quiet", "--out", path]);
    const page = `${out()}.html`;
    const title = "Two & one";
    expect(await bioflax(["report", ...runs, "--out", page, "--title", title])).toMatchObject({
      status: 0,
      stdout: `${page}\n`,
      stderr: "",
    });
    expect(readFileSync(page, "utf8")).toContain("<h1>Two &amp; one</h1>");
    const short = `${out()}.html`;
    expect((await bioflax(["report", "-o", short, ...runs])).stdout).toBe(`${short}\n`);
  });

  test("of what is no run fails with the reason, without a page", async () => {
    const page = join(folder, "none.html");
    expect(await bioflax(["report", folder, "-o", page])).toMatchObject({
      status: 1,
      stdout: "",
      stderr: expect.stringContaining(`error: ${folder}: expected the folder of a run`),
    });
    expect(existsSync(page)).toBe(false);
  });

  test.each<[string, string[], string]>([
    ["no run", ["report"], "missing required argument 'runs'"],
    ["an unknown option", ["report", "x", "--titel", "y"], "Did you mean --title?"],
  ])("with %s is bad usage", async (_name, args, message) => {
    expect(await bioflax(args)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(message),
    });
  });
});
