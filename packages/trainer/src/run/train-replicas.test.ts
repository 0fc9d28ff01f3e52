import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { EpochRecord, Summary } from "@bioflax/runs";
import { describe, expect, test } from "@jest/globals";
import { fakeEngine, type Script } from "../../test/fake-engine";
import { metricsOf } from "../../test/interrupting";
import { scratchFolder } from "../../test/scratch";
import type { ConfigInput } from "../config/schema";
import { oneByOne } from "../engines/replicas/one-by-one";
import type { Reporter } from "../loggers/reporter";
import { ConfigError } from "../resolve/resolve";
import { resume } from "./resume";
import { train } from "./train";
import { type TrainReplicasOptions, trainReplicas } from "./train-replicas";

const scratch = scratchFolder();
let runs = 0;
const fresh = () => join(scratch, String(runs++));

/** 4 batches of 32 and a smaller one an epoch. */
const small: ConfigInput = {
  dataset: "sinreg",
  hiddenLayers: [4],
  activations: ["relu"],
  trainSetSize: 5,
  testSetSize: 2,
  epochs: 2,
  tensorboard: false,
};

const seeds = [0, 1, 2];
const inputs = (folder: string, config: ConfigInput = {}) =>
  seeds.map(
    (seed): ConfigInput => ({ ...small, ...config, seed, out: join(folder, `seed-${seed}`) }),
  );
const summaryOf = (folder: string, seed: number) =>
  JSON.parse(readFileSync(join(folder, `seed-${seed}`, "summary.json"), "utf8")) as Summary;
const statuses = (outcomes: PromiseSettledResult<unknown>[]) =>
  outcomes.map(({ status }) => status);

/** Replicas whose engines report what their scripts say. */
const scripted = (scripts: readonly Script[], options: TrainReplicasOptions = {}) => {
  let made = 0;
  const createReplicas = oneByOne((setup) =>
    fakeEngine(scripts[made++ % scripts.length]).createEngine(setup),
  );
  return { ...options, createReplicas };
};

/** The losses of a run's epochs. */
const lossesOf = (folder: string) =>
  metricsOf(folder)
    .trim()
    .split("\n")
    .flatMap((line) => {
      const { train: training, val, test: tested } = JSON.parse(line) as EpochRecord;
      return [training.loss, val?.loss ?? 0, tested.loss];
    });

describe("replicas", () => {
  test.each<[string, ConfigInput]>([
    ["of data of their own", {}],
    ["of images that they share", { dataset: "color-shapes", batchSize: 8, hiddenLayers: [5] }],
    [
      "of images moved for each, in convolutions, with noise",
      { dataset: "color-shapes", batchSize: 8, model: "lenet5", mode: "brsf", augment: true },
    ],
    ["of the eager engine", { engine: "eager" }],
    ["under a rule that remembers examples", { mode: "f3" }],
    [
      "of images moved for each, under a rule that remembers examples",
      { dataset: "color-shapes", batchSize: 8, hiddenLayers: [5], mode: "f3", augment: true },
    ],
    ["of the eager engine, under a rule that remembers examples", { engine: "eager", mode: "f3" }],
  ])("leave a run each, that of each alone: %s", async (_what, config) => {
    const folder = fresh();
    const outcomes = await trainReplicas(inputs(folder, config));
    expect(statuses(outcomes)).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
    for (const seed of seeds) {
      const own = join(folder, `seed-${seed}`);
      const alone = await train({ ...small, ...config, seed, out: fresh() });
      expect(summaryOf(folder, seed)).toMatchObject({ status: "done", epochs: 2 });
      const [received, expected] = [lossesOf(own), lossesOf(alone.folder)];
      expect(received).toHaveLength(6);
      received.forEach((loss, i) => {
        expect(Math.abs(loss - expected[i]!)).toBeLessThanOrEqual(1e-5 * expected[i]!);
      });
      expect(existsSync(join(own, "checkpoints", "last.safetensors"))).toBe(true);
      expect((await resume(own)).summary.status).toBe("done");
    }
  });

  test.each<[string, ConfigInput]>([
    ["", {}],
    [
      " of odd sizes",
      {
        ...{ dataset: "discs", batchSize: 7, trainSetSize: 9, hiddenLayers: [13] },
        ...{ activations: ["softplus"], optimizer: "adam" },
      },
    ],
    [
      " with convolutions",
      { dataset: "color-shapes", batchSize: 7, model: "lenet5", trainSetSize: 3 },
    ],
  ])(
    "come to the same bits whichever others they are trained with, stopped or not%s",
    async (_what, config) => {
      const [one, other] = [fresh(), fresh()];
      await trainReplicas(inputs(one, config));
      const stop = new AbortController();
      const given = [5, 2, 8].map((seed) => ({
        ...{ ...small, ...config, seed },
        out: join(other, `seed-${seed}`),
      }));
      const reporterOf = () => ({ epochFinished: () => stop.abort() });
      await trainReplicas(given, { reporterOf, signal: stop.signal });
      expect(summaryOf(other, 2)).toMatchObject({ status: "interrupted", epochs: 1 });
      await trainReplicas(given, { resume: true });
      expect(metricsOf(join(other, "seed-2"))).toBe(metricsOf(join(one, "seed-2")));
      const final = (folder: string) => readFileSync(join(folder, "seed-2", "final.safetensors"));
      expect(final(other).equals(final(one))).toBe(true);
    },
  );

  test("come to the same bits whether or not the others learn with the same numbers", async () => {
    const given: ConfigInput = {
      ...small,
      hiddenLayers: [16],
      trainSetSize: 20,
      weightDecay: 0.01,
    };
    const weights: Buffer[] = [];
    for (const others of [[], [{ seed: 1 }], [{ seed: 1, lr: 0.02 }]] as ConfigInput[][]) {
      const folder = fresh();
      await trainReplicas(
        [{ seed: 0 }, ...others].map((own, i) => ({
          ...{ ...given, lr: 0.01, ...own },
          out: join(folder, String(i)),
        })),
      );
      weights.push(readFileSync(join(folder, "0", "final.safetensors")));
    }
    const [alone, alike, unlike] = weights as [Buffer, Buffer, Buffer];
    expect([alike.equals(alone), unlike.equals(alone)]).toEqual([true, true]);
  });

  test("go on as they were begun: one alone as a replica, and one that was begun alone by itself", async () => {
    const [whole, folder] = [fresh(), fresh()];
    await trainReplicas(inputs(whole));
    const stopped = async (work: (signal: AbortSignal, reporter: Reporter) => Promise<unknown>) => {
      const stop = new AbortController();
      await work(stop.signal, { epochFinished: () => stop.abort() });
    };
    const [first, second, third] = inputs(folder);
    await stopped((signal, reporter) => train(second!, { signal, reporter }));
    await stopped((signal, reporter) =>
      trainReplicas([first!, third!], { signal, reporterOf: () => reporter }),
    );
    expect(summaryOf(folder, 0)).toMatchObject({ status: "interrupted", replicas: 2 });
    await resume(third!.out!);
    expect(summaryOf(folder, 2)).toMatchObject({ status: "done", replicas: 1 });
    await trainReplicas(inputs(folder), { resume: true });
    for (const seed of [0, 2])
      expect(metricsOf(join(folder, `seed-${seed}`))).toBe(metricsOf(join(whole, `seed-${seed}`)));
    expect(summaryOf(folder, 1)).not.toHaveProperty("replicas");
    const alone = await train({ ...second!, out: fresh() });
    expect(metricsOf(second!.out!)).toBe(metricsOf(alone.folder));
  });

  test("of which one fails leave the others to go on", async () => {
    const folder = fresh();
    const bad: Script = { loss: (epoch, step) => (epoch === 1 && step === 3 ? Number.NaN : 1) };
    const outcomes = await trainReplicas(inputs(folder), scripted([{}, bad, {}]));
    expect(statuses(outcomes)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect((outcomes[1] as PromiseRejectedResult).reason.message).toContain(
      "Training diverged: the training loss is NaN at epoch 1, step 3",
    );
    expect(seeds.map((seed) => summaryOf(folder, seed).status)).toEqual(["done", "failed", "done"]);
  });

  test("of which one cannot start, for want of a free folder, start all the same", async () => {
    const folder = fresh();
    await train({ ...small, seed: 1, out: join(folder, "seed-1") });
    const outcomes = await trainReplicas(inputs(folder), scripted([{}]));
    expect(statuses(outcomes)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect((outcomes[1] as PromiseRejectedResult).reason.message).toContain("new or empty folder");
  });

  test("are stopped together, and go on together, or one alone", async () => {
    const folder = fresh();
    const stop = new AbortController();
    const onStep: Script["onStep"] = (epoch, step) => {
      if (epoch === 2 && step === 3) stop.abort();
    };
    const first = await trainReplicas(
      inputs(folder),
      scripted([{}, {}, { onStep }], { signal: stop.signal }),
    );
    expect(statuses(first)).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
    expect(seeds.map((seed) => summaryOf(folder, seed).status)).toEqual(
      seeds.map(() => "interrupted"),
    );
    const alone = await trainReplicas(inputs(folder).slice(0, 1), {
      ...scripted([{}]),
      resume: true,
    });
    expect(alone).toMatchObject([{ status: "fulfilled" }]);
    expect(seeds.map((seed) => summaryOf(folder, seed).status)).toEqual([
      "done",
      "interrupted",
      "interrupted",
    ]);
    await trainReplicas(inputs(folder), { ...scripted([{}]), resume: true });
    const undisturbed = fresh();
    await trainReplicas(inputs(undisturbed), scripted([{}]));
    for (const seed of seeds) {
      expect(summaryOf(folder, seed).status).toBe("done");
      const lines = [folder, undisturbed].map((one) => metricsOf(join(one, `seed-${seed}`)));
      expect(lines[0]).toBe(lines[1]);
    }
  });

  test("may end at epochs of their own", async () => {
    const folder = fresh();
    const given = inputs(folder).map((input, i) => ({ ...input, epochs: i + 1 }));
    await trainReplicas(given, scripted([{}]));
    expect(seeds.map((seed) => summaryOf(folder, seed).epochs)).toEqual([1, 2, 3]);
  });

  test.each<[string, (folder: string) => readonly ConfigInput[], string]>([
    ["no settings", () => [], "expected the settings of at least one run"],
    [
      "settings that may not differ",
      (folder) => [...inputs(folder), { ...small, mode: "dfa", out: fresh() }],
      '--mode ("fa" and "dfa")',
    ],
    ["one folder for two", (folder) => [...inputs(folder), ...inputs(folder)], "seed-0 twice"],
  ])("are refused for %s", async (_what, given, message) => {
    await expect(trainReplicas(given(fresh()))).rejects.toThrow(message);
    expect(ConfigError).toBeDefined();
  });
});
