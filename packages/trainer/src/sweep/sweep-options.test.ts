import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { scratchFolder } from "../../test/scratch";
import { installDevice, uninstallDevice } from "../devices/install/install-device";
import { readSweep } from "./plan/read-sweep";
import { bestOfSweep } from "./results/best";
import { comparisonOf } from "./results/metrics";
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
