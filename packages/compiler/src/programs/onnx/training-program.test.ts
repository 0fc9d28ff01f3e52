import { type RuleName, rules } from "@bioflax/core";
import { trainingCase } from "@bioflax/core/testing";
import { expect, test } from "@jest/globals";
import { CompiledNetwork, type CompiledNetworkSetup, type Source } from "../../index";

const COUNT = 40;
const random = Float32Array.from({ length: COUNT * 6 }, (_, i) => Math.sin(i * 7.3));
const source: Source = {
  inputs: random,
  targets: Int32Array.from({ length: COUNT }, (_, i) => i % 4),
  count: COUNT,
};
const rows = Int32Array.from({ length: 5 * 9 + 3 }, (_, i) => (i * 17) % COUNT);

function setup(rule: RuleName): CompiledNetworkSetup {
  const optimizer = {
    name: "adam",
    learningRate: 0.01,
    epsilon: 1e-3,
    schedule: { name: "cosine", steps: 8 },
  } as const;
  const given = trainingCase({ rule, loss: "softmaxCrossEntropy", optimizer, sizes: [6, 7, 5, 4] });
  const { spec, weights } = given;
  const layout = { inputShape: [6], targetShape: [] };
  return {
    spec,
    weights,
    optimizer,
    layout,
    loss: "softmaxCrossEntropy",
    batchSize: 5,
    threads: 1,
  };
}

test.each(rules.names() as RuleName[])(
  "%s: steps written out are the loop's, with a smaller last batch, a schedule and alignment",
  async (rule) => {
    const [loop, unrolled] = (await Promise.all(
      (["loop", "unrolled"] as const).map((steps) =>
        CompiledNetwork.create({ ...setup(rule), steps }),
      ),
    )) as [CompiledNetwork, CompiledNetwork];
    const expected = await loop.train(source, rows, { alignmentBatches: 3 });
    const received = await unrolled.train(source, rows, { alignmentBatches: 3 });
    expect(received.losses).toHaveLength(10);
    received.losses.forEach((loss, i) => expect(loss).toBeCloseTo(expected.losses[i]!, 5));
    expect(received.alignment).toHaveLength(3);
    received.alignment.forEach((values, i) => {
      for (const [name, value] of Object.entries(expected.alignment[i]!))
        expect(values[name]).toBeCloseTo(value, 4);
    });
    const [weights, written] = [await loop.weights(), await unrolled.weights()];
    for (const [name, values] of Object.entries(weights))
      written[name]!.forEach((w, i) => expect(w).toBeCloseTo(values[i]!, 4));
    await Promise.all([loop.dispose(), unrolled.dispose()]);
  },
);
