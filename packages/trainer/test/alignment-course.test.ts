import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { EpochRecord } from "@bioflax/runs";
import { expect, test } from "@jest/globals";
import type { ConfigInput } from "../src/config/schema";
import { train } from "../src/run/train";
import { trainReplicas } from "../src/run/train-replicas";
import { scratchFolder } from "./scratch";
import { enginesHere } from "./xla-plugin";

const scratch = scratchFolder();
let runs = 0;

/** Two epochs of five steps, the last of them smaller. */
const small: ConfigInput = {
  dataset: "blobs",
  mode: "fa",
  momentum: 0.9,
  hiddenLayers: [6],
  activations: ["tanh"],
  trainSetSize: 5,
  testSetSize: 1,
  epochs: 2,
  tensorboard: false,
  threads: 1,
};

const recordsOf = (folder: string) =>
  readFileSync(join(folder, "metrics.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as EpochRecord);

async function recordsWith(settings: ConfigInput): Promise<EpochRecord[]> {
  const out = join(scratch, String(runs++));
  await train({ ...small, ...settings, out });
  return recordsOf(out);
}

const losses = (records: readonly EpochRecord[]) =>
  records.map(({ train: training, val, test: tested }) => [training.loss, val, tested]);
const courseOf = (records: readonly EpochRecord[]) =>
  records.flatMap(({ alignmentCourse = [] }) => alignmentCourse);

test.each(enginesHere)("%s measures at every third step, over all epochs", async (engine) => {
  const plain = await recordsWith({ engine, computeAlignments: false });
  const all = await recordsWith({ engine, alignEvery: 1 });
  const some = await recordsWith({ engine, alignEvery: 3 });
  expect(courseOf(all).map(({ step }) => step)).toEqual([...Array(10).keys()]);
  expect(some.map((record) => record.alignmentCourse?.map(({ step }) => step))).toEqual([
    [0, 3],
    [6, 9],
  ]);
  for (const seen of courseOf(some)) expect(courseOf(all)[seen.step as number]).toEqual(seen);
  // The epoch has the mean of what was measured in it.
  const [first] = some as [EpochRecord];
  const [one, other] = courseOf([first]).map(({ gradient }) => gradient as number) as [
    number,
    number,
  ];
  expect(first.alignment?.gradient).toBeCloseTo((one + other) / 2, 12);
  // Measuring changes nothing of training.
  expect(losses(all)).toEqual(losses(plain));
  expect(losses(some)).toEqual(losses(plain));
});

test("without it, only the first batches of each epoch are measured, and no course is kept", async () => {
  const [first] = await recordsWith({ alignmentBatches: 2 });
  expect(first?.alignment).toBeDefined();
  expect(first).not.toHaveProperty("alignmentCourse");
});

test("an epoch in which no such step falls has no alignment", async () => {
  const [first, second] = await recordsWith({ alignEvery: 100 });
  expect(first?.alignmentCourse).toHaveLength(1);
  expect(second).not.toHaveProperty("alignment");
  expect(second).not.toHaveProperty("alignmentCourse");
});

test.each(enginesHere)("%s: replicas measure as each does alone", async (engine) => {
  const out = join(scratch, String(runs++));
  const settings = { ...small, engine, alignEvery: 3 };
  await trainReplicas([0, 1].map((seed) => ({ ...settings, seed, out: join(out, String(seed)) })));
  for (const seed of [0, 1]) {
    const alone = courseOf(await recordsWith({ ...settings, seed }));
    const together = courseOf(recordsOf(join(out, String(seed))));
    expect(together.map(({ step }) => step)).toEqual([0, 3, 6, 9]);
    together.forEach(({ gradient, weights }, i) => {
      expect(gradient).toBeCloseTo(alone[i]?.gradient as number, 4);
      expect(weights).toBeCloseTo(alone[i]?.weights as number, 4);
    });
  }
});
