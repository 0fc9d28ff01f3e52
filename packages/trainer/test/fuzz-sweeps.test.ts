import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { allSettings } from "../src/config/settings";
import { ConfigError } from "../src/resolve/resolve";
import { readSweep } from "../src/sweep/plan/read-sweep";
import type { SweepInput } from "../src/sweep/spec/sweep-spec";

const parts =
  "name base product zip random seeds exclude metric goal jobs retries maxFailures search slurm extends prodct".split(
    " ",
  );
const words = fc.constantFrom(
  ..."lr mode seed seeds out plugins extends draws settings uniform logUniform integers choices above from trials with sampler time cores setup __proto__ toString".split(
    " ",
  ),
  ...allSettings().map(({ key }) => key),
);
const leaf = fc.oneof(
  fc.constantFrom<unknown>(
    0,
    1,
    -1,
    0.5,
    2,
    1e308,
    Number.NaN,
    null,
    true,
    "",
    "fa",
    "relu",
    "0..3",
    "optuna",
    "nowhere.yaml",
    [],
    {},
  ),
  fc.string({ maxLength: 5 }),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(words, tie("value"), { maxKeys: 3 }),
  ),
}));
const sweeps = fc.oneof(
  { weight: 20, arbitrary: fc.dictionary(fc.constantFrom(...parts), value, { maxKeys: 5 }) },
  // A text is the path of a file.
  { weight: 1, arbitrary: value.filter((given) => typeof given !== "string") },
);

test("whatever a sweep says, it is planned or refused in words", async () => {
  let planned = 0;
  await fc.assert(
    fc.asyncProperty(sweeps, async (given) => {
      try {
        const { runs } = await readSweep(given as SweepInput);
        expect(new Set(runs.map(({ name }) => name)).size).toBe(runs.length);
        for (const { name } of runs) expect(name).toMatch(/^[\w.,=+-]+$/);
        planned++;
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        for (const problem of error.problems) {
          expect(problem).toMatch(/^\S.{10,}/s);
          expect(problem).not.toMatch(/\[object|undefined: /);
        }
      }
    }),
    { numRuns: 1500 },
  );
  expect(planned).toBeGreaterThan(10);
});
