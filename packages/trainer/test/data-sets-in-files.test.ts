import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DatasetName } from "@bioflax/datasets/node";
import { expect, test } from "@jest/globals";
import { smallCounts, smallFiles } from "../../datasets/test/small-sets";
import { writeFolder } from "../../datasets/test/write-folder";
import { runBioflax } from "./run-bioflax";
import { scratchFolder } from "./scratch";

const folder = scratchFolder();

/** Runs the command, which must do what it is asked. */
async function bioflax(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await runBioflax(args);
  expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
  return stdout;
}

/** One image of 8 × 8 pixels whose lit pixel counts to a class, as a line of CSV. */
const image = (label: number, channels: number) =>
  Array.from({ length: 64 * channels }, (_, at) =>
    Math.floor(at / channels) === label ? 255 : 0,
  ).join();

const deviceOf = { compiled: "cpu", eager: "wasm" } as const;
type Engine = keyof typeof deviceOf;

// The classes are as many as the set says, or as its labels: nowhere ten (reported of EMNIST's letters).
test.each<[DatasetName, Engine, number, number, string]>([
  ["emnist-letters", "compiled", 26, 1, "Z"],
  ["bloodmnist", "compiled", 8, 3, "platelet"],
  ["idx", "compiled", 5, 1, ""],
  ["emnist-byclass", "eager", 62, 1, "d"],
  ["breastmnist", "eager", 2, 1, "normal, benign"],
])(
  "%s trains in the %s engine, is evaluated and reported, and predicts %i classes",
  async (...set) => {
    const [name, engine, classes, channels, last] = set;
    const directory = writeFolder(join(folder, name), smallFiles(name));
    const run = join(folder, `${engine}-${name}`);
    const network =
      "--hidden-layers 32 --activations relu --lr 0.3 --batch-size 8 --epochs 20 --seed 1 --compute-alignments false";
    await bioflax(
      "train",
      ...["--dataset", name, "--data-dir", directory, "--val-split", "0.1"],
      ...["--engine", engine, "--device", deviceOf[engine], "--plot", "--out", run],
      ...network.split(" "),
    );

    const evaluation = JSON.parse(await bioflax("evaluate", run, "--json"));
    expect(evaluation.examples).toBe(smallCounts.test);
    expect(evaluation.classes).toHaveLength(classes);
    const widths = evaluation.confusion.map((row: number[]) => row.length);
    expect(widths).toEqual(new Array(classes).fill(classes));
    // A class is one pixel: those that were seen in training are told apart.
    if (classes < 20) expect(evaluation.accuracy).toBe(1);

    const label = Math.min(classes, smallCounts.train) - 1;
    const inputs = join(folder, "inputs.csv");
    writeFileSync(inputs, `${image(label, channels)}\n`);
    const prediction = JSON.parse(await bioflax("predict", run, inputs, "--json"));
    expect(prediction.probabilities).toHaveLength(classes);
    if (classes < 20) expect([prediction.label, prediction.name ?? ""]).toEqual([label, last]);

    const report = readFileSync(join(run, "report.html"), "utf8");
    const matrix = /<table class="matrix.*?<\/table>/s.exec(report)?.[0] ?? "";
    expect(matrix.match(/<th scope="row">/g)).toHaveLength(classes);
    // Of many classes, cells are small, and those that never happened are empty.
    expect(/^<table class="matrix[^"]* many"/.test(matrix)).toBe(classes > 24);
    if (classes > 24) expect(matrix).toContain("<td></td><td></td>");
  },
);

test("--data finds out what a path holds: pictures in folders by class", async () => {
  const directory = writeFolder(join(folder, "pictures"), smallFiles("folder"));
  const run = join(folder, "of-pictures");
  await bioflax(
    ...["train", "--data", directory, "--hidden-layers", "32", "--activations", "relu"],
    ...["--lr", "0.3", "--batch-size", "8", "--epochs", "20", "--out", run],
  );
  const config = JSON.parse(readFileSync(join(run, "config.json"), "utf8"));
  expect(config).toMatchObject({ dataset: "folder", dataDir: directory });
  expect(config).not.toHaveProperty("data");
  const evaluation = JSON.parse(await bioflax("evaluate", run, "--json"));
  expect(evaluation).toMatchObject({ examples: smallCounts.test, accuracy: 1 });
  expect(evaluation.classes.map(({ name }: { name: string }) => name)).toEqual(
    Array.from({ length: 5 }, (_, label) => `class-${label}`),
  );
  const picture = join(directory, "test", "class-0", "000.png");
  expect(JSON.parse(await bioflax("predict", run, picture, "--json")).name).toBe("class-0");
});

test("--data takes a table, and values are another data set", async () => {
  const directory = writeFolder(join(folder, "tables"), smallFiles("table"));
  const path = join(directory, "table.csv");
  const small = "--hidden-layers 8 --activations tanh --epochs 2".split(" ");
  const [classes, values] = [join(folder, "of-classes"), join(folder, "of-values")];
  await bioflax("train", "--data", path, ...small, "--out", classes);
  expect(JSON.parse(await bioflax("evaluate", classes, "--json")).classes).toHaveLength(5);
  await bioflax(
    "train",
    "--dataset",
    "table-values",
    "--data-dir",
    path,
    ...small,
    "--out",
    values,
  );
  const { accuracy, r2 } = JSON.parse(await bioflax("evaluate", values, "--json"));
  expect([accuracy, typeof r2]).toEqual([undefined, "number"]);
  const [answer] = (await bioflax("predict", values, "--header", "no", writeRow(directory))).split(
    "\n",
  );
  expect(answer).toBe("y0");
});

test.each([
  [
    "compiled",
    "transformer",
    "--blocks 1 --heads 2 --head-units 8 --feed-forward-units 16 --causal",
  ],
  ["eager", "gru", "--hidden-layers 16"],
] as const)(
  "--data takes a text, in the %s engine, and %s tells its next character",
  async (engine, model, layers) => {
    const path = join(folder, `${model}.txt`);
    writeFileSync(path, 'a"bc\n'.repeat(80));
    const run = join(folder, `of-text-${model}`);
    await bioflax(
      ...["train", "--data", path, "--model", model, ...layers.split(" "), "--mode", "bp"],
      ...[
        "--engine",
        engine,
        "--device",
        deviceOf[engine],
        "--sequence-length",
        "6",
        "--sequence-stride",
        "2",
      ],
      ...[
        "--optimizer",
        "adam",
        "--lr",
        "0.02",
        "--batch-size",
        "8",
        "--epochs",
        "8",
        "--out",
        run,
      ],
    );
    expect(JSON.parse(readFileSync(join(run, "config.json"), "utf8"))).toMatchObject({
      dataset: "text",
      sequenceStride: 2,
    });
    const evaluation = JSON.parse(await bioflax("evaluate", run, "--json"));
    expect(evaluation.accuracy).toBe(1);
    expect(evaluation.classes.map(({ name }: { name: string }) => name)).toEqual([
      "\\n",
      '\\"',
      "a",
      "b",
      "c",
    ]);
    writeFileSync(path, 'c\na"bc\na"');
    expect(JSON.parse(await bioflax("predict", run, path, "--json"))).toMatchObject({ name: "b" });
    writeFileSync(path, "a+b = c");
    const { status, stderr } = await runBioflax(["predict", run, path]);
    expect(status).not.toBe(0);
    expect(stderr).toContain("expected characters of the text that the network has learnt from");
  },
);

test("symbols are for models of sequences, and cannot be moved by an attack", async () => {
  const path = join(folder, "refused.txt");
  writeFileSync(path, "abcd\n".repeat(60));
  const { status, stderr } = await runBioflax([
    "train",
    "--data",
    path,
    "--out",
    join(folder, "of-mlp"),
  ]);
  expect(status).toBe(2);
  expect(stderr).toContain(
    "expected a model of sequences, which embeds the symbols of text, received mlp, which computes with numbers. Use rnn or gru or transformer",
  );
  const run = join(folder, "of-rnn");
  await bioflax(
    "train",
    "--data",
    path,
    "--model",
    "rnn",
    "--hidden-layers",
    "4",
    "--epochs",
    "1",
    "--out",
    run,
  );
  for (const method of ["fgsm", "square"]) {
    const attacked = await runBioflax(["attack", run, "--method", method, "--eps", "0.1"]);
    expect(attacked.status).not.toBe(0);
    expect(attacked.stderr).toContain(
      "whose examples are numbers of symbols, between which there is nothing",
    );
  }
});

test("a run on a text is not evaluated on other characters", async () => {
  const path = join(folder, "changed.txt");
  writeFileSync(path, "abcd\n".repeat(60));
  const run = join(folder, "of-changed");
  const small = ["--model", "rnn", "--hidden-layers", "4", "--epochs", "1"];
  await bioflax("train", "--data", path, ...small, "--out", run);
  for (const [letters, message] of [
    ["abxd", 'number 3 is "c", but in text it is "d" now. Use the files it was trained on'],
    ["abcde", 'number 5 is nothing, but in text it is "e" now.'],
    ["abc", 'number 4 is "d", but in text it is nothing now.'],
  ] as const) {
    writeFileSync(path, `${letters}\n`.repeat(60));
    const { status, stderr } = await runBioflax(["evaluate", run]);
    expect(status).toBe(1);
    expect(stderr).toContain(`${run}: expected the classes that the run was trained on, of which`);
    expect(stderr).toContain(message);
  }
  await bioflax("report", run, "--out", join(folder, "changed.html"));
  const page = readFileSync(join(folder, "changed.html"), "utf8");
  expect(page.includes("expected the classes that the run was trained on")).toBe(true);
  expect(page).not.toContain('aria-label="Confusion"');
  writeFileSync(path, "dcba\n".repeat(60));
  expect((await runBioflax(["evaluate", run])).status).toBe(0);
});

/** A file of one row of features. */
function writeRow(directory: string): string {
  writeFileSync(join(directory, "row.csv"), "1,0.5\n");
  return join(directory, "row.csv");
}

test.each([
  [["--dataset", "idx"], "--data and --dataset: expected one of them, received both."],
  [["--data-dir", "there"], "--data and --data-dir: expected one of them, received both."],
])("--data and %j do not go together", async (others, message) => {
  const { status, stderr } = await runBioflax(["train", "--data", folder, ...others]);
  expect(status).toBe(2);
  expect(stderr).toContain(message);
});

test.each<Engine>(["compiled", "eager"])(
  "%s: the same numbers, in one run or resumed",
  async (engine) => {
    const directory = writeFolder(join(folder, "cifar-100"), smallFiles("cifar-100"));
    const args = [
      "--dataset",
      "cifar-100",
      "--data-dir",
      directory,
      "--engine",
      engine,
      "--device",
      deviceOf[engine],
    ];
    const small = [
      "--hidden-layers",
      "8",
      "--activations",
      "tanh",
      "--batch-size",
      "8",
      "--augment",
    ];
    const losses = (run: string) =>
      readFileSync(join(folder, run, "metrics.jsonl"), "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).test.loss);
    const [once, twice] = [`${engine}-once`, `${engine}-twice`];
    await bioflax("train", ...args, ...small, "--epochs", "4", "--out", join(folder, once));
    await bioflax("train", ...args, ...small, "--epochs", "2", "--out", join(folder, twice));
    await bioflax("train", "--resume", join(folder, twice), "--epochs", "4");
    expect(losses(twice)).toEqual(losses(once));
  },
);

test.each<DatasetName>([
  "mnist",
  "fashion-mnist",
  "cifar-10",
  "emnist-letters",
  "pathmnist",
  "npz",
])("a folder of %s that is not there is said in words, and what to do", async (name) => {
  const nowhere = join(folder, "nowhere");
  const args = ["--dataset", name, "--data-dir", nowhere, "--out", join(folder, "never")];
  const { status, stderr } = await runBioflax(["train", ...args]);
  expect(status).not.toBe(0);
  expect(stderr).toMatch(
    /nowhere: expected .*, but there is nothing by that name\. Check the path/,
  );
  expect(stderr).not.toContain("ENOENT");
});

test("a data set of several labels an image is refused by name", async () => {
  const { status, stderr } = await runBioflax(["train", "--dataset", "chestmnist"]);
  expect(status).not.toBe(0);
  expect(stderr).toContain('received "chestmnist", whose images may have several of its 14 labels');
});
