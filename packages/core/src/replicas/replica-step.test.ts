import { describe, expect, test } from "@jest/globals";
import { type TrainingCaseOptions, trainingCase } from "../../testing/training-case";
import {
  createTrainable,
  type Float64Tensor,
  float64Tensor,
  groupByLayer,
  type OptimizerSpec,
  perReplica,
  ReplicaStep,
  referenceOps,
  replicatedOps,
  shared,
  type Trainable,
  trainStep,
} from "../index";

const base = { rule: "kp", loss: "softmaxCrossEntropy", sizes: [5, 6, 4] } as const;
type Options = Partial<TrainingCaseOptions>;

/** Some trainings with their weights and a batch, as the reference has them. */
function trainings(options: readonly Options[]) {
  const cases = options.map((own, seed) =>
    trainingCase({ optimizer: { name: "sgd", learningRate: 0.1 }, ...base, ...own, seed }),
  );
  const trainables = cases.map((given) => createTrainable(given));
  const { network } = trainables[0] as Trainable;
  const weights = cases.map((given) =>
    network.parameters.map(({ name, shape }) => float64Tensor(given.weights[name]!, shape)),
  );
  const batches = cases.map(({ batches: [batch] }) => ({
    input: float64Tensor(batch!.input.flat(), [3, 5]),
    target: float64Tensor(batch!.labels!, [3]),
  }));
  return { trainables, network, weights, batches };
}

const scalars = (values: readonly number[]) => perReplica(float64Tensor(values, [values.length]));
const stacked = (tensors: readonly Float64Tensor[]) => perReplica(referenceOps.stack(tensors));

/** Takes steps of replicas at once, and of each alone; the worst relative difference of any weight or loss. */
function worstDifference(options: readonly Options[], steps = 3): number {
  const { trainables, network, weights, batches } = trainings(options);
  const ops = replicatedOps(referenceOps, trainables.length);
  const replicaStep = new ReplicaStep(trainables);
  const slotsOf = <T>(zero: (parameter: number) => T) =>
    network.parameters.map(({ learns }, p) =>
      learns ? (trainables[0] as Trainable).optimizer.slots.map(() => zero(p)) : [],
    );
  const together = network.parameters.map((_, p) => stacked(weights.map((own) => own[p]!)));
  let state = {
    parameters: groupByLayer(network, together),
    slots: slotsOf((p) => ops.mul(together[p]!, 0)),
  };
  let losses: readonly number[] = [];
  for (let step = 1; step <= steps; step++) {
    const batch = {
      input: stacked(batches.map(({ input }) => input)),
      target: stacked(batches.map(({ target }) => target)),
    };
    const at = { batch, noise: [], step: shared(float64Tensor([step], [])) };
    const result = replicaStep.take(ops, scalars, state, at);
    state = result.state as typeof state;
    losses = [...result.loss.tensor.data];
  }
  const differences = trainables.flatMap((trainable, replica) => {
    let own = {
      parameters: groupByLayer(network, weights[replica]!),
      slots: slotsOf((p) => referenceOps.mul(weights[replica]![p]!, 0)),
    };
    let loss = 0;
    for (let step = 1; step <= steps; step++) {
      const result = trainStep(referenceOps, trainable, own, {
        batch: batches[replica]!,
        noise: [],
        step: float64Tensor([step], []),
        rate: trainable.learningRate as number,
      });
      own = result.state as typeof own;
      loss = result.pass.loss.data[0]!;
    }
    return [
      Math.abs(losses[replica]! - loss),
      ...network.parameters.flatMap(({ layer, role }) => {
        const expected = own.parameters[layer]![role]!.data;
        const received = state.parameters[layer]![role]!.tensor.data;
        return [...expected].map((value, i) =>
          Math.abs(received[replica * expected.length + i]! - value),
        );
      }),
    ];
  });
  return Math.max(...differences);
}

const sgd = (options: Partial<OptimizerSpec>) => ({
  optimizer: { name: "sgd", learningRate: 0.1, ...options } as OptimizerSpec,
});
const adam = (options: Partial<OptimizerSpec>) => ({
  optimizer: { name: "adam", learningRate: 0.01, ...options } as OptimizerSpec,
});

describe("replicas that differ in numbers learn as each by itself", () => {
  test.each<[string, readonly Options[]]>([
    ["nothing but weights and data", [{}, {}, {}]],
    [
      "learning rates",
      [sgd({ learningRate: 0.5 }), sgd({ learningRate: 0 }), sgd({ learningRate: 1 })],
    ],
    [
      "momenta and weight decays, one of them 0",
      [
        sgd({ momentum: 0.9, weightDecay: 0 }),
        sgd({ momentum: 0.5, weightDecay: 0.1 }),
        sgd({ momentum: 0.5, weightDecay: 0.1, learningRate: 0.3 }),
      ],
    ],
    [
      "Adam's numbers",
      [
        adam({ beta1: 0.8 } as never),
        adam({ beta2: 0.9 } as never),
        adam({ epsilon: 1e-2 } as never),
      ],
    ],
    [
      "norms that gradients are clipped to",
      [0.01, 0.1, 10].map((clipNorm) => ({ layer: { clipNorm } })),
    ],
    [
      "smoothed labels",
      [0.1, 0.2, 0.4].map((labelSmoothing) => ({
        loss: { name: "softmaxCrossEntropy", labelSmoothing } as const,
      })),
    ],
    [
      "the magnitudes of sign-concordant feedback",
      [1, 2, 3].map((scale) => ({
        rule: "usf" as const,
        layer: { feedbackInitializer: { name: "lecunNormal", scale } as const },
      })),
    ],
  ])("%s", (_name, options) => {
    expect(worstDifference(options)).toBeLessThan(1e-12);
  });

  test("where nothing differs, to the bit", () => {
    expect(worstDifference([{}, {}])).toBe(0);
  });

  test("a replica that is not a number leaves the others as they are", () => {
    const { trainables, network, weights, batches } = trainings([{}, {}]);
    weights[0]![0]!.data[0] = Number.NaN;
    const ops = replicatedOps(referenceOps, 2);
    let parameters = groupByLayer(
      network,
      network.parameters.map((_, p) => stacked(weights.map((own) => own[p]!))),
    );
    const step = new ReplicaStep(trainables);
    for (let t = 0; t < 3; t++)
      parameters = step.take(
        ops,
        scalars,
        { parameters, slots: network.parameters.map(() => []) },
        {
          batch: {
            input: stacked(batches.map(({ input }) => input)),
            target: stacked(batches.map(({ target }) => target)),
          },
          noise: [],
          step: shared(float64Tensor([t + 1], [])),
        },
      ).state.parameters as typeof parameters;
    const kernel = parameters[0]!.kernel!.tensor.data;
    expect(kernel.subarray(0, 30).some((x) => Number.isNaN(x))).toBe(true);
    expect(kernel.subarray(30).every(Number.isFinite)).toBe(true);
  });
});

test("can be checked before there is any data", () => {
  const batch = { input: [3, 5], target: [3] };
  const stepOf = (...options: Options[]) => new ReplicaStep(trainings(options).trainables);
  expect(() => stepOf(sgd({ learningRate: 1 }), {}).check(batch)).not.toThrow();
  expect(() => stepOf({ activations: ["relu"] }, {}).check(batch)).toThrow("nothing but numbers");
  const schedule = { name: "cosine", steps: 6 } as const;
  expect(() => stepOf(sgd({ schedule }), {}).check(batch)).not.toThrow();
});

describe("replicas that differ in more are refused", () => {
  const both =
    (...options: Options[]) =>
    () =>
      worstDifference(options);
  test.each<[string, () => unknown, string]>([
    [
      "sizes",
      () =>
        new ReplicaStep([{}, { sizes: [5, 7, 4] }].map((own) => trainings([own]).trainables[0]!)),
      "expected networks of the same weights",
    ],
    ["memory", both(sgd({}), sgd({ momentum: 0.9 })), "expected networks of the same weights"],
    [
      "rules of the same weights",
      both({ rule: "fa" }, { rule: "frsf" }),
      "differ in what they ask of",
    ],
    [
      "activations",
      both({ activations: ["tanh"] }, { activations: ["relu"] }),
      "expected computations that differ in nothing but numbers, and they differ in what they ask of tanh",
    ],
  ])("%s", (_name, run, message) => {
    expect(run).toThrow(message);
  });
});
