import {
  createNetwork,
  initializeWeights,
  type NetworkSpec,
  type OptimizerSpec,
  Random,
  type RuleName,
  type TrainingSpec,
  type Weights,
} from "@bioflax/core";
import { expect, test } from "@jest/globals";
import type { NetworkSetup, Replicas, ReplicasSetup, TracedNetwork } from "../src/index";

const EXAMPLES = 200;
const BATCH = 16;
const random = new Random(0, "replica-networks");
const source = {
  inputs: Float32Array.from({ length: EXAMPLES * 8 }, () => random.normal()),
  targets: Int32Array.from({ length: EXAMPLES }, () => random.below(4)),
  count: EXAMPLES,
};
const layout = { inputShape: [8], targetShape: [] };

interface Replica extends TrainingSpec {
  readonly weights: Weights;
  readonly seed: number;
}

/**
 * A network of a seed, which differs from those of others in all that may differ.
 *
 * @param numbers the seed whose learning rate and other numbers it has; its own when left out.
 */
function replica(
  seed: number,
  rule: RuleName = "kp",
  { wrong = false, numbers = seed }: { wrong?: boolean; numbers?: number } = {},
): Replica {
  const spec: NetworkSpec = {
    inputShape: [8],
    rule,
    layers: [
      { type: "dense", units: 20, activation: "tanh" },
      { type: "dropout", rate: 0.2 },
      { type: "dense", units: 4 },
    ],
  };
  const optimizer: OptimizerSpec = {
    name: "sgd",
    learningRate: 0.02 * (numbers + 1),
    momentum: 0.5 + 0.05 * numbers,
    weightDecay: 0.001 * numbers,
    schedule: { name: "cosine", steps: 400 },
  };
  const weights = initializeWeights(createNetwork(spec), seed);
  if (wrong) (weights["layers.0.kernel"] as Float32Array)[0] = Number.NaN;
  return { spec, loss: "softmaxCrossEntropy", optimizer, weights, seed };
}

/** Rows of some batches of one network, and of a smaller one after them. */
const rowsOf = (seed: number, steps: number, rest: number) => {
  const order = new Random(seed, "rows");
  return Int32Array.from({ length: steps * BATCH + rest }, () => order.below(EXAMPLES));
};

/** How an engine is tried on replicas. */
interface Tried {
  readonly createReplicas: (setup: ReplicasSetup) => Promise<Replicas>;
  readonly create: (setup: NetworkSetup) => Promise<TracedNetwork<unknown>>;
  /** Rules whose replicas are compared with networks alone, and of which seeds. */
  readonly rules: readonly RuleName[];
  readonly seeds: readonly number[];
  /** Examples of their last, smaller batch; none where it is 0. */
  readonly rest: number;
}

/** What replicas are in any engine that traces their steps. */
export function testReplicas({ createReplicas, create, rules, seeds, rest }: Tried): void {
  /** Trains replicas. @returns each one's losses, weights and what they come to on some rows, by its seed. */
  async function train(replicas: readonly Replica[], steps: number, rest = 5) {
    const networks = await createReplicas({ replicas, layout, batchSize: BATCH });
    const rows = replicas.map(({ seed }) => rowsOf(seed, steps, rest));
    const results = await networks.train(source, rows, { alignmentBatches: 2 });
    const evaluations = await networks.evaluate(source, rows);
    const outputs = await networks.predict(source, rows);
    const last = rows.length - 1;
    expect(await networks.predictOne(last, source, rows[last]!)).toEqual(outputs[last]);
    const weights = await Promise.all(replicas.map((_, i) => networks.weights(i)));
    await networks.dispose();
    return new Map(
      replicas.map(({ seed }, i) => [
        seed,
        { ...results[i]!, evaluation: evaluations[i]!, output: outputs[i]!, weights: weights[i]! },
      ]),
    );
  }

  test.each(rules)("of %s are each what it is alone, to 10⁻⁵ over 50 steps", async (rule) => {
    const replicas = seeds.map((seed) => replica(seed, rule));
    const together = await train(replicas, 50, rest);
    for (const own of replicas) {
      const alone = await create({ ...own, layout, batchSize: BATCH });
      const rows = rowsOf(own.seed, 50, rest);
      const { losses, alignment } = await alone.train(source, rows, { alignmentBatches: 2 });
      const received = together.get(own.seed)!;
      expect(received.losses).toHaveLength(rest > 0 ? 51 : 50);
      losses.forEach((loss, step) => {
        expect(Math.abs(received.losses[step]! - loss) / loss).toBeLessThan(1e-5);
      });
      expect(Object.keys(received.alignment[1]!)).toEqual(Object.keys(alignment[1]!));
      expect(received.alignment[1]!.gradient).toBeCloseTo(alignment[1]!.gradient!, 5);
      const evaluation = await alone.evaluate(source, rows);
      expect(received.evaluation.loss).toBeCloseTo(evaluation.loss, 5);
      expect(received.evaluation.accuracy).toBe(evaluation.accuracy);
      const output = await alone.predict(source, rows);
      output.forEach((x, i) => expect(received.output[i]).toBeCloseTo(x, 4));
      await alone.dispose();
    }
  });

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
    const alike = await train(
      [3, 8].map((seed) => replica(seed, "kp", { numbers: 3 })),
      40,
    );
    expect(alike.get(3)).toEqual(one.get(3));
  });

  test("of which one is no longer a number leave the others as they are", async () => {
    const whole = await train(
      [3, 0, 1].map((seed) => replica(seed)),
      20,
    );
    const broken = await train([replica(3), replica(0, "kp", { wrong: true }), replica(1)], 20);
    expect([...broken.get(0)!.losses].every(Number.isNaN)).toBe(true);
    for (const seed of [3, 1]) expect(broken.get(seed)).toEqual(whole.get(seed));
  });

  test("go on from a snapshot of one, alone", async () => {
    const networks = await createReplicas({
      ...{ replicas: [replica(2), replica(4)], layout, batchSize: BATCH },
    });
    const rows = [2, 4].map((seed) => rowsOf(seed, 10, 0));
    await networks.train(source, rows);
    const snapshot = await networks.snapshot(1);
    expect(snapshot.stepsTaken).toBe(10);
    const [, expected] = await networks.train(source, rows);
    const alone = await create({
      ...{ ...replica(4), ...snapshot, layout, batchSize: BATCH },
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
}
