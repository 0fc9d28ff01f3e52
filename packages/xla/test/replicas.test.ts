import {
  convolutionCases,
  opCases,
  randomNetworkCase,
  trainingCases,
  trainingDefinition,
  worstReplicaError,
} from "@bioflax/core/testing";
import type { PjrtClient } from "@bioflax/pjrt";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { cpuClient, wherePlugin, xlaInterpreter } from "./xla-interpreter";

/** With `BIOFLAX_EVERY_CASE=1` all cases are tried, else some. */
const chosen = <Case>(cases: readonly Case[], every: number): Case[] =>
  cases.filter((_, i) => process.env.BIOFLAX_EVERY_CASE === "1" || i % every === 0);

wherePlugin("XLA on the processor", () => {
  let client: PjrtClient;
  beforeAll(async () => {
    client = await cpuClient();
  });
  afterAll(() => client.destroy());
  const interpreter = xlaInterpreter(() => client);

  test.each(chosen(opCases, 12).map((given) => [given.name, given] as const))(
    "replicas at once are each by itself: %s",
    async (_name, given) => {
      const isSharedOf = [() => false, (input: number) => input === 0];
      for (const isShared of isSharedOf)
        expect(await worstReplicaError(interpreter, given, isShared)).toBeLessThan(2e-6);
    },
  );

  test.each(chosen(trainingCases({ steps: 3 }), 30).map((given) => [given.name, given] as const))(
    "three steps of replicas: %s",
    async (_name, given) => {
      const error = await worstReplicaError(interpreter, trainingDefinition(given));
      expect(error).toBeLessThan(2e-5);
    },
  );

  test.each(
    chosen(convolutionCases({ steps: 1 }), 30).map((given) => [given.name, given] as const),
  )("a step of replicas of layers of images: %s", async (_name, given) => {
    const error = await worstReplicaError(interpreter, trainingDefinition(given), undefined, 2);
    expect(error).toBeLessThan(5e-5);
  });

  test.each(
    chosen(
      Array.from({ length: 60 }, (_, seed) => seed),
      20,
    ),
  )("replicas of random networks: %d", async (seed) => {
    const given = trainingDefinition(randomNetworkCase(seed));
    expect(await worstReplicaError(interpreter, given, undefined, 2)).toBeLessThan(5e-5);
  });
});
