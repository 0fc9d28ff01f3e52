import { existsSync, readdirSync, readFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { createNetwork, initializeWeights } from "@bioflax/core";
import { takeTargets } from "@bioflax/datasets";
import type { EpochRecord } from "@bioflax/runs";
import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { type ReadEvent, type ReadValue, readEventFiles } from "../../../test/event-reader";
import { fakeEngine } from "../../../test/fake-engine";
import { scratchFolder } from "../../../test/scratch";
import type { ConfigInput } from "../../config/schema";
import type { EngineSetup } from "../../engines/engine";
import { validateConfig } from "../../resolve/resolve";
import { train } from "../../run/train";
import { TensorboardLogger } from "./tensorboard-logger";

const scratch = scratchFolder();
let runs = 0;

afterEach(() => {
  jest.restoreAllMocks();
});

const images: ConfigInput = {
  dataset: "color-shapes",
  mode: "fa",
  hiddenLayers: [4],
  activations: ["relu"],
  batchSize: 8,
  trainSetSize: 4,
  testSetSize: 4,
  epochs: 3,
};

async function run(config: ConfigInput = {}, script = {}, warnings: string[] = []) {
  const out = join(scratch, String(runs++));
  const { createEngine, setups } = fakeEngine(script);
  const reporter = { warning: (message: string) => void warnings.push(message) };
  const outcome = await train({ ...images, out, ...config }, { createEngine, reporter }).catch(
    (error: Error) => error,
  );
  const folder = join(out, "tensorboard");
  const records = () =>
    readFileSync(join(out, "metrics.jsonl"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as EpochRecord);
  return { out, outcome, folder, records, setup: setups[0] as EngineSetup };
}

const valuesOf = (events: readonly ReadEvent[], plugin: string, step: number) =>
  Object.fromEntries(
    events
      .flatMap(({ values }) => values)
      .filter((value) => value.plugin === plugin && value.step === step)
      .map((value) => [value.tag, value]),
  );

/** The pixels of one of our own PNG files: red, green and blue, no filter. */
function decodePng(file: Buffer) {
  const size = { width: file.readUInt32BE(16), height: file.readUInt32BE(20) };
  const start = file.indexOf("IDAT") + 4;
  const rows = inflateSync(file.subarray(start, start + file.readUInt32BE(start - 8)));
  const length = size.width * 3;
  const pixel = (x: number, y: number) => {
    const at = y * (length + 1) + 1 + x * 3;
    return [...rows.subarray(at, at + 3)];
  };
  return { ...size, pixel };
}

describe("the event file of a run", () => {
  test("says what it is, when, and that a run starts", async () => {
    const before = Date.now() / 1000;
    const { folder } = await run();
    const files = readEventFiles(folder);
    expect(files).toHaveLength(1);
    expect(readdirSync(folder)[0]).toMatch(/^events\.out\.tfevents\.\d{10}\.bioflax$/);
    const [first, second, ...rest] = files[0] as ReadEvent[];
    expect(first).toMatchObject({ fileVersion: "brain.Event:2", writer: "bioflax", values: [] });
    expect(second).toMatchObject({ session: 1, step: 0, values: [] });
    expect(rest.map(({ step }) => step)).toEqual([0, 1, 2, 3]);
    for (const { wallTime } of files[0] as ReadEvent[]) {
      expect(wallTime).toBeGreaterThanOrEqual(before);
      expect(wallTime).toBeLessThanOrEqual(Date.now() / 1000);
    }
  });

  test("has every number of every epoch, alignment by measure and layer", async () => {
    const { folder, records } = await run();
    const [events] = readEventFiles(folder) as [ReadEvent[]];
    const seen = records();
    expect(seen).toHaveLength(3);
    for (const { epoch, train, val, test, alignment, timing } of seen) {
      const values = valuesOf(events, "scalars", epoch);
      const scalars = Object.fromEntries(
        Object.entries(values).map(([tag, { scalar }]) => [tag, scalar]),
      );
      const expected = {
        "loss/train": train.loss,
        "loss/validation": val?.loss,
        "loss/test": test.loss,
        "accuracy/validation": val?.accuracy,
        "accuracy/test": test.accuracy,
        "gradient/network": alignment?.gradient,
        "gradientAngle/network": alignment?.gradientAngle,
        "gradientNormRatio/network": alignment?.gradientNormRatio,
        "gradient/layers.0": alignment?.["layers.0.gradient"],
        "gradientAngle/layers.0": alignment?.["layers.0.gradientAngle"],
        "gradientNormRatio/layers.0": alignment?.["layers.0.gradientNormRatio"],
        "training/learningRate": 0.02,
        "training/examplesPerSecond": timing.examplesPerSecond,
      };
      expect(scalars).toEqual(
        Object.fromEntries(
          Object.entries(expected).map(([tag, value]) => [tag, Math.fround(value as number)]),
        ),
      );
    }
  });

  test("has the learning rate where it has a schedule", async () => {
    const { folder } = await run({ lr: 0.5, schedule: "exponential", gamma: 0.5 });
    const [events] = readEventFiles(folder) as [ReadEvent[]];
    const rates = [1, 2, 3].map(
      (step) => valuesOf(events, "scalars", step)["training/learningRate"]?.scalar,
    );
    expect(rates).toEqual([0.5, 0.25, 0.125]);
  });

  test("has a histogram of every weight of every layer, from before the first epoch on", async () => {
    const { folder, setup } = await run();
    const [events] = readEventFiles(folder) as [ReadEvent[]];
    const weights = initializeWeights(createNetwork(setup.spec), 0);
    const tags = [0, 1].flatMap((layer) =>
      ["kernel", "bias", "feedback"].map((role) => `${role}/layers.${layer}`),
    );
    for (const step of [0, 1, 2, 3]) {
      const values = valuesOf(events, "histograms", step);
      expect(Object.keys(values).sort()).toEqual([...tags].sort());
      for (const [tag, value] of Object.entries(values)) {
        const [role, layer] = tag.split("/");
        const given = weights[`${layer}.${role}`] as Float32Array;
        const { buckets = [], sums } = value;
        expect(buckets).toHaveLength(30);
        expect(buckets.reduce((sum, [, , count]) => sum + count, 0)).toBe(given.length);
        expect([buckets[0]?.[0], buckets[29]?.[1]]).toEqual([
          Math.min(...given),
          Math.max(...given),
        ]);
        expect(sums?.num).toBe(given.length);
        expect(sums?.sum).toBeCloseTo([...given].reduce((sum, one) => sum + one, 0));
        expect(sums?.sumSquares).toBeCloseTo([...given].reduce((sum, one) => sum + one ** 2, 0));
      }
    }
  });

  test("has the settings as a table", async () => {
    const { folder } = await run();
    const [events] = readEventFiles(folder) as [ReadEvent[]];
    const text = valuesOf(events, "text", 0).settings?.strings[0]?.toString();
    expect(text).toMatch(/^\| setting \| value \|\n\|---\|---\|\n/);
    expect(text).toContain("\n| dataset | color-shapes |\n");
    expect(text).toContain("\n| lr | 0.02 |\n");
  });

  test("shows the first 25 test images under what the network takes them for", async () => {
    const { folder, setup } = await run();
    const [events] = readEventFiles(folder) as [ReadEvent[]];
    const { dataset } = setup;
    const { examples, indices } = dataset.test;
    const rows = indices.slice(0, 25);
    const labels = takeTargets(examples, rows);
    const inputs = examples.inputs as Uint8Array;
    const verdicts = new Set<boolean>();
    for (const step of [1, 2, 3]) {
      const { image } = valuesOf(events, "images", step)["predictions/test"] as ReadValue;
      const { width, height, png } = image as NonNullable<ReadValue["image"]>;
      const picture = decodePng(png);
      // 32 pixels drawn threefold, two lines of text of 9 pixels above, 10 pixels between; five by five.
      expect(picture).toMatchObject({ width: 5 * 106 + 10, height: 5 * 124 + 10 });
      expect({ width, height }).toEqual({ width: picture.width, height: picture.height });
      rows.forEach((row, i) => {
        const [left, top] = [(i % 5) * 106 + 10, Math.floor(i / 5) * 124 + 10];
        for (const [x, y] of [
          [0, 0],
          [31, 0],
          [7, 19],
          [31, 31],
        ] as const) {
          const at = row * 32 * 32 * 3 + (y * 32 + x) * 3;
          for (const within of [0, 2])
            expect(picture.pixel(left + 3 * x + within, top + 18 + 3 * y + within)).toEqual([
              ...inputs.subarray(at, at + 3),
            ]);
        }
        // The fake engine's output is i % 7 over all outputs, row after row.
        const { outputs } = dataset;
        const scores = Array.from({ length: outputs }, (_, k) => (i * outputs + k) % 7);
        const isRight = scores.indexOf(Math.max(...scores)) === labels[i];
        const colors = new Set<string>();
        for (let y = top; y < top + 18; y++)
          for (let x = left; x < left + 96; x++) colors.add(String(picture.pixel(x, y)));
        verdicts.add(isRight);
        expect(colors.has("21,128,61")).toBe(isRight);
        expect(colors.has("185,28,28")).toBe(!isRight);
      });
    }
    expect(verdicts.size).toBe(2);
  });

  test("has no picture of what is no image", async () => {
    const { folder } = await run({ dataset: "sinreg" });
    const [events] = readEventFiles(folder) as [ReadEvent[]];
    const plugins = new Set(events.flatMap(({ values }) => values.map(({ plugin }) => plugin)));
    expect(plugins).toEqual(new Set(["text", "scalars", "histograms"]));
  });

  test("is not there when it is not asked for", async () => {
    const { folder, outcome } = await run({ tensorboard: false });
    expect(outcome).not.toBeInstanceOf(Error);
    expect(existsSync(folder)).toBe(false);
  });
});

test("a run that goes on has a further file, read after the first, which replaces what comes after", async () => {
  const { folder, out, records, setup } = await run();
  const network = createNetwork(setup.spec);
  const weights = initializeWeights(network, 0);
  const start = {
    config: validateConfig({ ...images, out }),
    dataset: setup.dataset,
    network,
    engine: "compiled",
    device: "fake",
    threads: 1,
    folder: out,
    weights,
    resumed: { records: records().slice(0, 1) as EpochRecord[], examples: 0 },
  };
  for (let again = 0; again < 2; again++) {
    const logger = new TensorboardLogger();
    await logger.started(start);
    const [, second] = records();
    await logger.epochFinished(second as EpochRecord, {
      predict: async (_split, rows) => new Float32Array(rows.length * setup.dataset.outputs),
      weights: async () => weights,
    });
    await logger.finished();
  }
  const files = readEventFiles(folder);
  expect(files).toHaveLength(3);
  for (const file of files.slice(1)) {
    expect(file.map(({ step }) => step)).toEqual([0, 2, 2]);
    expect(file[1]).toMatchObject({ session: 1, step: 2 });
  }
});

test("a full disk costs the log and a warning, leaves whole records, and the run goes on", async () => {
  const probe = await open(join(scratch, "probe"), "w");
  const handle = Object.getPrototypeOf(probe) as FileHandle;
  await probe.close();
  const write = handle.writeFile;
  let isFull = false;
  jest.spyOn(handle, "writeFile").mockImplementation(async function (this: FileHandle, data) {
    const bytes = Buffer.from(data as Uint8Array);
    if (!isFull || !bytes.includes("loss/train")) return write.call(this, data);
    await this.write(bytes.subarray(0, bytes.length / 2));
    throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  });
  const warnings: string[] = [];
  const { outcome, folder } = await run(
    {},
    {
      onStep: (epoch: number) => {
        isFull = epoch === 2;
      },
    },
    warnings,
  );
  expect(outcome).toMatchObject({ summary: { status: "done", epochs: 3 } });
  expect(warnings).toEqual([
    expect.stringMatching(/events\.out.*the disk is full.*The run goes on without this log\.$/),
  ]);
  const [events] = readEventFiles(folder) as [ReadEvent[]];
  expect(events.map(({ step }) => step)).toEqual([0, 0, 0, 1]);
});
