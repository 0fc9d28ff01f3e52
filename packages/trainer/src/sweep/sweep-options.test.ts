import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { scratchFolder } from "../../test/scratch";
import { installDevice, uninstallDevice } from "../devices/install/install-device";
import { listDevices } from "../devices/list-devices";
import { readSweep } from "./plan/read-sweep";
import { bestOfSweep } from "./results/best";
import { comparisonOf } from "./results/metrics";
import type { SweepInput } from "./spec/sweep-spec";
import { type SweepOptions, sweep } from "./sweep";

const scratch = scratchFolder();
const out = join(scratch, "sweep");

test.each<[object, string]>([
  [{ jobs: 0 }, "sweep: jobs: expected a whole number from 1, received 0."],
  [{ jobs: "2" }, 'sweep: jobs: expected a whole number from 1, received "2".'],
  [{ retries: -1 }, "sweep: retries: expected a whole number from 0, received -1."],
  [{ maxFailures: 0.5 }, "sweep: maxFailures: expected a whole number from 1, received 0.5."],
  [{ out: 5 }, "sweep: out: expected the path of a folder, received 5."],
])("a sweep with %j is refused before it has a folder", async (options, text) => {
  const plan = await readSweep({ base: { dataset: "sinreg" } });
  await expect(sweep(plan, { out, ...options } as SweepOptions)).rejects.toThrow(text);
  expect(existsSync(out)).toBe(false);
});

test("a sweep has a plan, and devices are listed with options that are known", async () => {
  await expect(sweep({} as never, { out })).rejects.toThrow(
    "sweep: plan: expected what readSweep gives, received {}. Write sweep(await readSweep(…), { out: … }).",
  );
  await expect(listDevices({ measur: true } as object)).rejects.toThrow(
    'listDevices: unknown option "measur". Did you mean "measure"?',
  );
});

test.each<[SweepInput, string]>([
  [
    { base: { dataset: "sinreg" }, metric: "val.accuracy" },
    "received val.accuracy: sinreg is regression, where there are losses and r2 alone",
  ],
  [
    { base: { dataset: "blobs" }, metric: "best.test.exactMatch" },
    "received best.test.exactMatch: blobs has one class an example, where accuracy says it",
  ],
  [{ base: { dataset: "blobs", valSplit: 0 }, metric: "val.loss" }, "there is no validation"],
  [
    { base: { dataset: "blobs", computeAlignments: false }, metric: "alignment.gradientAngle" },
    "no alignment is measured",
  ],
])("a metric that no run measures is refused before any is trained: %j", async (input, text) => {
  await expect(readSweep(input)).rejects.toThrow(text);
});

test("the best of a sweep have options that are known, and a folder that is one", async () => {
  await expect(bestOfSweep(out, { metrc: "val.loss" } as object)).rejects.toThrow(
    'unknown option "metrc". Did you mean "metric"?',
  );
  const file = join(scratch, "sweep.yaml");
  writeFileSync(file, "");
  await expect(bestOfSweep(file)).rejects.toThrow(
    "expected the folder of a sweep, but it is a file",
  );
  expect(() => comparisonOf({ metric: 5 as never }, new Set(["val.loss"]))).toThrow(
    "metric: expected a name, such as val.accuracy, received 5.",
  );
  expect(() => comparisonOf({ goal: "up" as never }, new Set(["val.loss"]))).toThrow(
    'goal: expected min or max, received "up".',
  );
});

test("installing a device by a name that none has installs nothing", async () => {
  const text = 'received "xla-cp". Did you mean "xla-cpu"?';
  await expect(installDevice("xla-cp" as never)).rejects.toThrow(text);
  await expect(uninstallDevice("xla-cp" as never)).rejects.toThrow(text);
  await expect(installDevice(undefined as never)).rejects.toThrow("received undefined");
});
