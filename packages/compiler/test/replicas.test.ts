import { replicaCases } from "@bioflax/core/testing";
import { describe, expect, test } from "@jest/globals";
import { compiledInterpreter } from "./compiled-interpreter";

const cases = replicaCases({ operations: 4, training: 8, images: 8, random: 6 });

describe("compiled", () => {
  const interpreter = compiledInterpreter();
  test.each(cases.map((given) => [given.name, given] as const))("%s", async (_name, given) => {
    expect(await given.error(interpreter)).toBeLessThan(given.limit);
  });
});
