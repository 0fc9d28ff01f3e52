import { replicaCases } from "@bioflax/core/testing";
import { describe, expect, test } from "@jest/globals";
import { eagerInterpreters } from "./backends";

const cases = replicaCases({ operations: 6, training: 20, images: 20, random: 15 });
const named = eagerInterpreters.map((interpreter) => [interpreter.name, interpreter] as const);

describe.each(named)("%s", (_name, interpreter) => {
  test.each(cases.map((given) => [given.name, given] as const))("%s", async (_name, given) => {
    expect(await given.error(interpreter)).toBeLessThan(given.limit);
  });
});
