import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { fakeEngine } from "../../test/fake-engine";
import { startMlflowStub, stopStubsAfterEach } from "../../test/mlflow-stub";
import { scratchFolder } from "../../test/scratch";
import type { ConfigInput } from "../config/schema";
import { train } from "../run/train";
import type { Reporter } from "./reporter";

const scratch = scratchFolder();
let runs = 0;
stopStubsAfterEach();

const settings = (more: ConfigInput): ConfigInput => ({
  dataset: "sinreg",
  hiddenLayers: [],
  activations: [],
  epochs: 1,
  out: join(scratch, String(runs++)),
  ...more,
});

test("a run is logged everywhere it is asked to be, and its reporter is told all it was told before", async () => {
  const stub = await startMlflowStub();
  const told: string[] = [];
  const tell = (name: string) => () => void told.push(name);
  // A class, as users may write one: its methods are no properties of its own, and need `this`.
  class Watching implements Reporter {
    readonly #told = told;
    started() {
      this.#told.push("started");
    }
    async epochFinished() {
      this.#told.push("epochFinished");
    }
    epochStarted = tell("epochStarted");
    progress = tell("progress");
    evaluating = tell("evaluating");
    notice = tell("notice");
    warning = tell("warning");
    failed = tell("failed");
    async finished() {
      this.#told.push(`finished, on the server: ${stub.run.status}`);
    }
  }
  const { createEngine } = fakeEngine();
  const { folder } = await train(settings({ mlflow: stub.url }), {
    createEngine,
    reporter: new Watching(),
  });
  expect(existsSync(join(folder, "tensorboard"))).toBe(true);
  expect(stub.run.status).toBe("FINISHED");
  const withoutNote = told.filter((name) => name !== "notice");
  expect(withoutNote.slice(0, 3)).toEqual(["started", "epochStarted", "progress"]);
  expect(withoutNote.slice(-3)).toEqual([
    "evaluating",
    "epochFinished",
    "finished, on the server: FINISHED",
  ]);
  expect(told.filter((name) => name === "notice")).toHaveLength(1);
});

test("a run that fails says so to the server and the reporter, and throws what went wrong", async () => {
  const stub = await startMlflowStub();
  const failed: unknown[] = [];
  const { createEngine } = fakeEngine({ loss: () => Number.NaN });
  const config = settings({ mlflow: stub.url });
  const run = train(config, { createEngine, reporter: { failed: (run) => void failed.push(run) } });
  await expect(run).rejects.toThrow("the training loss is NaN");
  expect(stub.run.status).toBe("FAILED");
  expect(failed).toEqual([
    { folder: config.out, summary: expect.objectContaining({ status: "failed" }) },
  ]);
});

test("a reporter that fails to tell of a failure doesn't hide it", async () => {
  const { createEngine } = fakeEngine({ loss: () => Number.NaN });
  const reporter = {
    failed() {
      throw new Error("a second one");
    },
  };
  const run = train(settings({ tensorboard: false }), { createEngine, reporter });
  await expect(run).rejects.toThrow("the training loss is NaN");
});
