import { everyCase, replicaCases } from "@bioflax/core/testing";
import { describe, expect, test } from "@jest/globals";
import { compiledInterpreter } from "./compiled-interpreter";

/** With `BIOFLAX_EVERY_CASE=1` all cases are tried, else some. */
const cases = replicaCases(
  everyCase
    ? { operations: 1, training: 1, images: 1, random: 1 }
    : { operations: 4, training: 8, images: 8, random: 6 },
);

describe("compiled", () => {
  const interpreter = compiledInterpreter();
  test.each(cases.map((given) => [given.name, given] as const))("%s", async (_name, given) => {
    expect(await given.error(interpreter)).toBeLessThan(given.limit);
  });
});
