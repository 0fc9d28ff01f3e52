import { replicaCases } from "@bioflax/core/testing";
import { expect, test } from "@jest/globals";
import { withClient, xlaInterpreter } from "./xla-interpreter";

const cases = replicaCases({ operations: 36, training: 90, images: 90, random: 40 });

withClient("XLA on the processor", (client) => {
  const interpreter = xlaInterpreter(client);
  test.each(cases.map((given) => [given.name, given] as const))("%s", async (_name, given) => {
    expect(await given.error(interpreter)).toBeLessThan(given.limit);
  });
});
