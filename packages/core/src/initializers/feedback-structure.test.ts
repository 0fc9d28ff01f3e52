import { describe, expect, test } from "@jest/globals";
import {
  createNetwork,
  initializeWeights,
  type KernelOptions,
  type LayerSpec,
  type Network,
  Random,
  type RuleName,
  structured,
  type Weights,
  withFeedback,
} from "../index";

const SIZES = [40, 30, 20, 8];

function networkOf(rule: RuleName, options: KernelOptions = {}): Network {
  const [inputs, ...units] = SIZES as [number, ...number[]];
  const layers = units.map((n): LayerSpec => ({ type: "dense", units: n, ...options }));
  return createNetwork({ inputShape: [inputs], rule, layers });
}

/** The values of a weight of layer 1 in rows. */
function rowsOf(weights: Weights, name: string, columns: number): number[][] {
  const values = [...(weights[name] as Float32Array)];
  return Array.from({ length: values.length / columns }, (_, i) =>
    values.slice(i * columns, (i + 1) * columns),
  );
}

/** How many rows of a matrix are linearly independent, by elimination with the largest pivot. */
function rankOf(matrix: readonly (readonly number[])[]): number {
  let rows = matrix.map((row) => [...row]);
  const scale = Math.max(...rows.flat().map(Math.abs));
  for (let rank = 0; ; rank++) {
    const entries = rows.flatMap((row, i) => row.map((value, j) => ({ i, j, value })));
    const pivot = entries.reduce(
      (best, entry) => (Math.abs(entry.value) > Math.abs(best.value) ? entry : best),
      { i: 0, j: 0, value: 0 },
    );
    if (Math.abs(pivot.value) < 1e-5 * scale) return rank;
    const chosen = rows[pivot.i] as number[];
    rows = rows
      .filter((_, i) => i !== pivot.i)
      .map((row) => {
        const factor = (row[pivot.j] as number) / pivot.value;
        return row.map((value, j) => value - factor * (chosen[j] as number));
      });
  }
}

const variance = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value * value, 0) / values.length;

// Feedback weights of layer 1: of its kernel's shape, [30, 20], or [20, 8].
describe.each([
  ["fa", 20],
  ["dfa", 8],
] as const)("%s: feedback weights of a layer", (rule, columns) => {
  const feedback = (options: KernelOptions, seed = 3) =>
    rowsOf(initializeWeights(networkOf(rule, options), seed), "layers.1.feedback", columns);

  test.each([1, 3])("have rank %d", (feedbackRank) => {
    expect(rankOf(feedback({}))).toBe(Math.min(columns, 20));
    expect(rankOf(feedback({ feedbackRank }))).toBe(feedbackRank);
  });

  test("have as many connections a unit, too, and the units of a group have the same", () => {
    const rows = feedback({ feedbackRank: 3, feedbackConnections: 2 });
    expect(rankOf(rows)).toBe(3);
    const choices = rows.map((row) => row.map((value) => Number(value !== 0)).join(""));
    for (const choice of choices)
      expect([...choice].filter((kept) => kept === "1")).toHaveLength(2);
    expect(new Set(choices).size).toBeLessThanOrEqual(3);
  });

  test("of more than full rank are those of full rank", () => {
    expect(feedback({ feedbackRank: 99 })).toEqual(feedback({}));
    expect(feedback({ feedbackRank: 99, feedbackConnections: 2 })).toEqual(
      feedback({ feedbackConnections: 2 }),
    );
  });

  test.each([0, 0.3, 1])("are α = %d of the forward weights, and the rest noise", (alignment) => {
    const noise = feedback({});
    const started = initializeWeights(networkOf(rule), 3);
    const kernel = rowsOf(started, "layers.1.kernel", 20);
    const above = rowsOf(started, "layers.2.kernel", 8);
    const forward = rule === "fa" ? kernel : above;
    feedback({ feedbackAlignment: alignment }).forEach((row, i) => {
      row.forEach((value, j) => {
        const mixed =
          alignment * forward[i]![j]! + Math.sqrt(1 - alignment * alignment) * noise[i]![j]!;
        expect(value).toBeCloseTo(mixed, 6);
      });
    });
  });
});

test.each([{ rank: 1 }, { rank: 3 }, { rank: 3, connections: 8 }])(
  "%j: their variance is that of full ones",
  (structure) => {
    const draws = Array.from({ length: 3000 }, (_, seed) => {
      const random = new Random(seed, "full");
      const full = Float32Array.from({ length: 20 * 8 }, () => random.normal());
      const stream = (purpose: string) => new Random(seed, purpose);
      return variance([...structured(full, [20, 8], structure, { stream })]);
    });
    expect(draws.reduce((sum, own) => sum + own, 0) / draws.length).toBeCloseTo(1, 1);
  },
);

test("straight from the output, they are aligned with the product of the kernels above", () => {
  const weights = initializeWeights(networkOf("dfa", { feedbackAlignment: 1 }), 0);
  const [first, second] = [
    rowsOf(weights, "layers.1.kernel", 20),
    rowsOf(weights, "layers.2.kernel", 8),
  ];
  rowsOf(weights, "layers.0.feedback", 8).forEach((row, i) => {
    row.forEach((value, j) => {
      const product = first[i]!.reduce((sum, w, k) => sum + w * second[k]![j]!, 0);
      expect(value).toBeCloseTo(product, 6);
    });
  });
});

test("connections and an alignment go together", () => {
  const of = (options: KernelOptions) =>
    rowsOf(initializeWeights(networkOf("fa", options), 3), "layers.1.feedback", 20);
  const dense = of({ feedbackAlignment: 0.5 });
  of({ feedbackAlignment: 0.5, feedbackConnections: 4 }).forEach((row, i) => {
    const kept = row.filter((value) => value !== 0);
    expect(kept).toHaveLength(4);
    expect(dense[i]).toEqual(expect.arrayContaining(kept));
  });
});

test("feedback weights that are drawn for given kernels are aligned with those", () => {
  const network = networkOf("fa", { feedbackAlignment: 1 });
  const given = initializeWeights(networkOf("bp"), 7);
  expect(given).not.toHaveProperty(["layers.1.feedback"]);
  const weights = withFeedback(network, given, 0);
  expect(weights["layers.1.feedback"]).toEqual(given["layers.1.kernel"]);
});

test("all else starts as it does without", () => {
  const { "layers.1.feedback": _one, ...plain } = initializeWeights(networkOf("fa"), 2);
  const shaped = initializeWeights(networkOf("fa", { feedbackAlignment: 0.5 }), 2);
  expect(Object.keys(shaped)).toEqual(Object.keys(initializeWeights(networkOf("fa"), 2)));
  expect(shaped["layers.1.kernel"]).toEqual(plain["layers.1.kernel"]);
});

test("what cannot be is refused", () => {
  expect(() => networkOf("fa", { feedbackRank: 2, feedbackAlignment: 0.5 })).toThrow(
    "Layer 0: feedbackRank: expected none beside feedbackAlignment, which mixes forward weights of full rank into the feedback weights, received 2.",
  );
  expect(() =>
    createNetwork({
      inputShape: [4],
      rule: "dfa",
      layers: [
        { type: "dense", units: 3, feedbackAlignment: 0.5 },
        { type: "dense", units: 3 },
        { type: "dropout", rate: 0.5 },
        { type: "dense", units: 2 },
      ],
    }),
  ).toThrow("Layer 0: feedbackAlignment: expected dense layers alone from this one to the output");
  expect(() => networkOf("bp", { feedbackAlignment: 0.5 })).toThrow(
    "feedbackAlignment is for rules with feedback weights, and it has none",
  );
  expect(() => networkOf("kp", { feedbackRank: 1 })).toThrow("which would raise the rank");
});
