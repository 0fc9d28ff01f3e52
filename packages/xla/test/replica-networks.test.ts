import type { RuleName } from "@bioflax/core";
import { replicaNetworks } from "@bioflax/core/testing";
import type { PjrtClient } from "@bioflax/pjrt";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { XlaNetwork } from "../src/index";
import { cpuClient, wherePlugin } from "./xla-interpreter";

const { BATCH, layout, replica, rowsOf, source } = replicaNetworks;

/** Trains replicas. @returns each one's losses, weights and what they come to on some rows, by its seed. */
async function train(replicas: readonly ReturnType<typeof replica>[], steps: number, rest = 5) {
  const networks = await XlaNetwork.createReplicas({
    ...{ replicas, layout, batchSize: BATCH, client },
  });
  const rows = replicas.map(({ seed }) => rowsOf(seed, steps, rest));
  const results = await networks.train(source, rows, { alignmentBatches: 2 });
  const evaluations = await networks.evaluate(source, rows);
  const outputs = await networks.predict(source, rows);
  const weights = await Promise.all(replicas.map((_, i) => networks.weights(i)));
  await networks.dispose();
  return new Map(
    replicas.map(({ seed }, i) => [
      seed,
      { ...results[i]!, evaluation: evaluations[i]!, output: outputs[i]!, weights: weights[i]! },
    ]),
  );
}

let client: PjrtClient;

wherePlugin("replicas", () => {
  beforeAll(async () => {
    client = await cpuClient();
  });
  afterAll(() => client.destroy());

  test.each<RuleName>(["kp"])(
    "of %s are each what it is alone, to 10⁻⁵ over 200 steps",
    async (rule) => {
      const replicas = [3, 0].map((seed) => replica(seed, rule));
      const together = await train(replicas, 200, 0);
      for (const own of replicas) {
        const alone = await XlaNetwork.create({
          ...{ ...own, layout, batchSize: BATCH, client },
        });
        const rows = rowsOf(own.seed, 200, 0);
        const { losses } = await alone.train(source, rows);
        const received = together.get(own.seed)!;
        expect(received.losses).toHaveLength(200);
        losses.forEach((loss, step) => {
          expect(Math.abs(received.losses[step]! - loss) / loss).toBeLessThan(1e-5);
        });
        expect(received.evaluation.loss).toBeCloseTo((await alone.evaluate(source, rows)).loss, 5);
        await alone.dispose();
      }
    },
  );

  test("come to the same bits whichever others they are trained with, and in whatever order", async () => {
    const one = await train(
      [3, 0, 1].map((seed) => replica(seed)),
      40,
    );
    const other = await train(
      [5, 2, 3].map((seed) => replica(seed)),
      40,
    );
    const more = await train(
      [3, 4, 5, 6, 7].map((seed) => replica(seed)),
      40,
    );
    expect(other.get(3)).toEqual(one.get(3));
    expect(more.get(3)).toEqual(one.get(3));
  });

  test("of which one is no longer a number leave the others as they are", async () => {
    const whole = await train(
      [3, 0, 1].map((seed) => replica(seed)),
      20,
    );
    const broken = await train([replica(3), replica(0, "kp", true), replica(1)], 20);
    expect([...broken.get(0)!.losses].every(Number.isNaN)).toBe(true);
    for (const seed of [3, 1]) expect(broken.get(seed)).toEqual(whole.get(seed));
  });

  test("go on from a snapshot of one, alone", async () => {
    const networks = await XlaNetwork.createReplicas({
      ...{ replicas: [replica(2), replica(4)], layout, batchSize: BATCH, client },
    });
    const rows = [2, 4].map((seed) => rowsOf(seed, 10, 0));
    await networks.train(source, rows);
    const snapshot = await networks.snapshot(1);
    expect(snapshot.stepsTaken).toBe(10);
    const [, expected] = await networks.train(source, rows);
    const alone = await XlaNetwork.create({
      ...{ ...replica(4), ...snapshot, layout, batchSize: BATCH, client },
    });
    const { losses } = await alone.train(source, rows[1]!);
    losses.forEach((loss, i) => expect(expected!.losses[i]).toBeCloseTo(loss, 5));
    await Promise.all([networks.dispose(), alone.dispose()]);
  });

  test("are refused where they differ in more than numbers", async () => {
    const replicas = [replica(0), replica(1, "dfa")];
    await expect(train(replicas, 1)).rejects.toThrow("expected networks of the same weights");
    await expect(train([replica(0, "fa"), replica(1, "frsf")], 1)).rejects.toThrow(
      "expected computations that differ in nothing but numbers",
    );
  });
});
