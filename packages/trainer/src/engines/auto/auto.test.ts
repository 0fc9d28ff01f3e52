import { mkdtempSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "@bioflax/pjrt";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { metricsOf } from "../../../test/interrupting";
import { scratchFolder } from "../../../test/scratch";
import { hasXla } from "../../../test/xla-plugin";
import type { ConfigInput } from "../../config/schema";
import { resume } from "../../run/resume";
import { train } from "../../run/train";
import { evaluateRun } from "../../trained/evaluate";

const scratch = scratchFolder();
const plugins = cacheFolder();
const { BIOFLAX_CACHE, PJRT_CACHE, PJRT_NAMES_AND_LIBRARY_PATHS } = process.env;
const before = { BIOFLAX_CACHE, PJRT_CACHE, PJRT_NAMES_AND_LIBRARY_PATHS };
let cache: string;

beforeEach(() => {
  cache = mkdtempSync(join(scratch, "cache-"));
  Object.assign(process.env, { BIOFLAX_CACHE: cache, PJRT_CACHE: plugins });
  delete process.env.PJRT_NAMES_AND_LIBRARY_PATHS;
});
afterEach(() => {
  for (const [name, value] of Object.entries(before))
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
});

const small: ConfigInput = {
  dataset: "blobs",
  trainSetSize: 6,
  testSetSize: 2,
  hiddenLayers: [6],
  activations: ["tanh"],
  epochs: 1,
  threads: 1,
  computeAlignments: false,
};
let runs = 0;
const trained = (settings: ConfigInput) =>
  train({ ...small, engine: "auto", ...settings, out: join(scratch, `run-${runs++}`) });

/** The one file of measurements. */
const file = () => {
  const [name, ...others] = readdirSync(join(cache, "engines"));
  expect(others).toEqual([]);
  return join(cache, "engines", name as string);
};
/** What it says: a time for each candidate, the compiled engine's first. */
const kept = (): { milliseconds: number[] } => JSON.parse(readFileSync(file(), "utf8"));
const keep = (milliseconds: (number | null)[]) =>
  writeFileSync(file(), JSON.stringify({ ...kept(), milliseconds }));

test("without another engine it is the compiled one, and nothing is measured", async () => {
  process.env.PJRT_CACHE = cache;
  const { summary } = await trained({});
  expect(summary).toMatchObject({
    engine: "compiled",
    device: "cpu",
    why: "nothing else is installed that has it",
  });
  expect(readdirSync(cache)).toEqual([]);
});

(hasXla ? describe : describe.skip)("where XLA is installed", () => {
  test("the faster is taken, as was measured before for the same network, with the reason in the record", async () => {
    await trained({});
    const measured = kept().milliseconds;
    expect(measured).toHaveLength(2);
    for (const time of measured) expect(time).toBeGreaterThan(0);

    keep([0.25, 0.125]);
    const xla = await trained({ lr: 0.5 });
    const why = "a step takes 0.13 ms, compiled on cpu 0.25 ms";
    expect(xla.summary).toMatchObject({ engine: "xla", device: "cpu", why });
    keep([0.25, 0.245]);
    const near = "a step takes 0.25 ms, xla on cpu 0.24 ms";
    expect((await trained({})).summary).toMatchObject({ engine: "compiled", why: near });
    keep([0.25, null]);
    expect((await trained({})).summary.why).toBe("a step takes 0.25 ms, xla on cpu does not start");
    // After a day it is tried again, and what was measured stays.
    keep([1e6, null]);
    utimesSync(file(), new Date(), new Date(Date.now() - 25 * 3600 * 1000));
    expect((await trained({})).summary.engine).toBe("xla");
    expect(kept().milliseconds[0]).toBe(1e6);
    await trained({ hiddenLayers: [7] });
    expect(readdirSync(join(cache, "engines"))).toHaveLength(2);
  });

  test("a choice changes no bit of the run", async () => {
    await trained({});
    keep([2, 1]);
    const [automatic, named] = [await trained({}), await trained({ engine: "xla" })];
    expect(automatic.summary.engine).toBe("xla");
    expect(metricsOf(automatic.folder)).toBe(metricsOf(named.folder));
  });

  test("a run goes on with the engine it was started with, and is evaluated by it", async () => {
    await trained({});
    keep([2, 1]);
    const { folder, summary } = await trained({});
    keep([1, 2]);
    const resumed = await resume(folder, { settings: { epochs: 2 } });
    expect(resumed.summary).toMatchObject({ engine: "xla", device: "cpu", why: summary.why });
    expect((await evaluateRun(folder)).engine).toBe("xla");
    const elsewhere = await resume(folder, { settings: { epochs: 3, engine: "compiled" } });
    expect(elsewhere.summary).toMatchObject({ engine: "compiled", epochs: 3 });
  });

  test("a broken file of measurements is made anew", async () => {
    await trained({});
    for (const text of ["{", '{"subject":"another","milliseconds":[1,2]}']) {
      writeFileSync(file(), text);
      await trained({});
      expect(kept().milliseconds).toHaveLength(2);
      expect(readFileSync(file(), "utf8")).not.toBe(text);
    }
  });

  test("a device that does not start is left out", async () => {
    const text = join(scratch, "text.so");
    writeFileSync(text, "text");
    process.env.PJRT_NAMES_AND_LIBRARY_PATHS = `cuda12:${text}`;
    const { summary } = await trained({});
    expect(summary.why).toContain("xla on cuda does not start");
    // It was there when it was measured.
    keep([2, 1, 3]);
    expect((await trained({})).summary.device).toBe("cpu");
    expect(kept().milliseconds[1]).toBeNull();
  });
});
