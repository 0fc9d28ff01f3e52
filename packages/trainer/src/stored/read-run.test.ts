import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { RunFolderError } from "@bioflax/runs";
import { beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { fakeEngine } from "../../test/fake-engine";
import { scratchFolder } from "../../test/scratch";
import { train } from "../run/train";
import { readResolvedRun } from "./run-config";

const folder = scratchFolder();
let files: Readonly<Record<string, string>>;
let made = 0;

/** A run folder with these files; undefined for those that are to be missing. */
function runWith(changes: Readonly<Record<string, string | Uint8Array | undefined>>): string {
  const path = join(folder, `run-${made++}`);
  mkdirSync(path);
  for (const [name, text] of Object.entries({ ...files, ...changes }))
    if (text !== undefined) writeFileSync(join(path, name), text);
  return path;
}

const line = (epoch: number, loss: number | null = 1) =>
  JSON.stringify({
    epoch,
    train: { loss },
    test: { loss: 1 },
    timing: { trainSeconds: 1, evaluateSeconds: 1, examplesPerSecond: 1 },
  });

beforeAll(() => {
  files = { "config.json": '{"dataset":"sinreg"}', "metrics.jsonl": `${line(1)}\n${line(2)}\n` };
});

describe("a run folder is read", () => {
  test("as train wrote it", async () => {
    const out = join(folder, "trained");
    const { summary } = await train(
      { dataset: "sinreg", trainSetSize: 4, epochs: 2, out },
      { createEngine: fakeEngine().createEngine },
    );
    const run = await readResolvedRun(out);
    expect(run.summary).toEqual(summary);
    expect(run.config).toMatchObject({ dataset: "sinreg", trainSetSize: 4, epochs: 2 });
    expect(run.records.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(run.records[1]).toMatchObject({ test: summary.test, train: summary.train });
    expect(run.records[1]?.alignment?.gradient).toBe(0.5);
  });

  test("with paths seen from where one is", async () => {
    const path = runWith({ "config.json": '{"dataDir":"../data","init":"/w.safetensors"}' });
    const { config } = await readResolvedRun(path);
    expect(config).toMatchObject({ dataDir: join(folder, "data"), init: "/w.safetensors" });
  });

  test("before its first epoch and without an end", async () => {
    const run = await readResolvedRun(runWith({ "metrics.jsonl": undefined }));
    expect(run).toMatchObject({ records: [] });
    expect(run.summary).toBeUndefined();
  });

  test.each(['{"epoch":3,"tra', "\0\0\0\0", line(3)])(
    "without a torn last line: %j",
    async (torn) => {
      const run = await readResolvedRun(
        runWith({ "metrics.jsonl": `${line(1)}\n${line(2)}\n${torn}` }),
      );
      expect(run.records).toHaveLength(2);
    },
  );

  test("with NaN for what was not finite", async () => {
    const run = await readResolvedRun(runWith({ "metrics.jsonl": `${line(1, null)}\n` }));
    expect(run.records[0]?.train.loss).toBeNaN();
  });
});

describe("refused by name:", () => {
  const metrics = (text: string) => () => runWith({ "metrics.jsonl": text });
  test.each<[string, () => string, string]>([
    ["a folder that is not there", () => join(folder, "run-zero"), "it is not there"],
    ["a name with a slip", () => `${runWith({})}x`, "Did you mean"],
    ["a file", () => join(runWith({}), "config.json"), "received a file"],
    ["another folder", () => runWith({ "config.json": undefined }), "Give one that"],
    ["a folder of runs", () => dirname(runWith({})), "runs in it: give"],
    ["no JSON", () => runWith({ "config.json": "{" }), "config.json: expected JSON, but"],
    [
      "settings of another program",
      () => runWith({ "config.json": '{"epoch":1,"lr":-1}' }),
      'unknown setting "epoch". Did you mean "epochs"?',
    ],
    [
      "a torn line in the middle",
      metrics(`{"epo\n${line(2)}\n`),
      "metrics.jsonl, line 1: expected",
    ],
    [
      "another epoch",
      metrics(`${line(1)}\n${line(3)}\n`),
      "line 2: expected epoch 2, received epoch 3",
    ],
    ["no loss", metrics('{"epoch":1}\n'), "line 1: expected what a run writes there, but train: "],
    ["no summary", () => runWith({ "summary.json": "null" }), "summary.json: expected what a run"],
    ["a status", () => runWith({ "summary.json": '{"status":"lost"}' }), "but status: "],
  ])("%s", async (_name, make, message) => {
    const path = make();
    const error: Error = await readResolvedRun(path).catch((reason) => reason);
    expect(error).toBeInstanceOf(RunFolderError);
    expect(error.message).toContain(path);
    expect(error.message).toContain(message);
  });

  test("whatever the files hold, there is a run or a RunFolderError", async () => {
    let refused = 0;
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.json().map((text) => Buffer.from(text)),
      fc.json().map((text) => Buffer.from(`${text}\n`)),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("config.json", "metrics.jsonl", "summary.json"),
        bytes,
        async (name, text) => {
          try {
            await readResolvedRun(runWith({ [name]: text }));
          } catch (error) {
            if (!(error instanceof RunFolderError)) throw error;
            refused++;
          }
        },
      ),
      { numRuns: 500 },
    );
    expect(refused).toBeGreaterThan(200);
  });
});
