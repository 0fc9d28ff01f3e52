import {
  createTrainable,
  type OptimizerSpec,
  type RuleName,
  type ScheduleSpec,
} from "@bioflax/core";
import { plainTrain, trainingCase } from "@bioflax/core/testing";
import { fromBinary } from "@bufbuild/protobuf";
import { describe, expect, test } from "@jest/globals";
import { onnxOps } from "../../graph/onnx-ops";
import { Scope } from "../../graph/scope";
import { CompiledNetwork, type CompiledNetworkSetup, type Source } from "../../index";
import { ModelProtoSchema, type NodeProto } from "../../proto/onnx_pb";
import { carriedNames } from "../training-step";
import { trainingProgram } from "./training-program";

const SIZES = [9, 8, 10, 4];
const BATCH = 3;
const schedule: ScheduleSpec = { name: "cosine", steps: 12, alpha: 0.1, warmup: { steps: 3 } };

describe("the rate as a value of the graph", () => {
  /** The nodes of W ← 0.9·W − η·xᵀe with W [m, n]; and of xᵀe's sum where that is asked for first. */
  function updateNodes(
    m: number,
    n: number,
    { rows = 3, readsGradient = false } = {},
  ): readonly NodeProto[] {
    const scope = new Scope();
    const [w, x, e] = [
      scope.input("w", [m, n]),
      scope.input("x", [rows, m]),
      scope.input("e", [rows, n]),
    ];
    const ops = onnxOps(scope);
    const gradient = ops.matMul(x, e, { transposeA: true });
    const first = readsGradient ? [ops.sum(gradient)] : [];
    const step = ops.mul(gradient, ops.neg(scope.input("rate", [])));
    return scope.toProto("graph", [...first, ops.axpby(0.9, w, 1, step)]).node;
  }
  const types = (nodes: readonly NodeProto[]) => nodes.map(({ opType }) => opType);

  test.each([
    [7, 5, "e"],
    [5, 7, "x"],
  ])("goes into the smaller factor of a product [%i, %i]", (m, n, smaller) => {
    const nodes = updateNodes(m, n);
    expect(types(nodes)).toEqual(["Neg", "Mul", "Gemm"]);
    const [rate, factor, update] = nodes as [NodeProto, NodeProto, NodeProto];
    expect(factor.input).toEqual([smaller, ...rate.output]);
    expect(update.input).toContain(factor.output[0]);
    expect(update.input[2]).toBe("w");
  });

  test("goes into no product that is computed anyway, which would then be computed twice", () => {
    const nodes = updateNodes(7, 5, { readsGradient: true });
    expect(types(nodes).filter((type) => type === "Gemm")).toHaveLength(1);
  });

  test("goes over the product where that has fewer numbers than its factors, as a convolution's kernel has", () => {
    const nodes = updateNodes(7, 5, { rows: 9 });
    const gradient = nodes.find(({ opType }) => opType === "Gemm")!;
    const [rate] = nodes.find(({ opType }) => opType === "Neg")!.output;
    const scaled = nodes.filter(({ input }) => input.includes(rate!));
    expect(scaled.map(({ input }) => input)).toEqual([[gradient.output[0], rate]]);
  });

  /** The body of the loop a training program is, and the updates of its kernels with what they are added to. */
  function trained(optimizer: OptimizerSpec, rule: RuleName) {
    const given = trainingCase({ rule, loss: "softmaxCrossEntropy", sizes: SIZES, optimizer });
    const trainable = createTrainable(given);
    const layout = { inputShape: [9], targetShape: [] };
    const source = {
      ...layout,
      inputType: "float32",
      targetType: "int32",
      targetForm: "labels",
      isWeighted: false,
    } as const;
    const context = {
      trainable,
      source,
      count: 20,
      batch: BATCH,
      largestBatch: BATCH,
      unsupportedOps: [],
    };
    const { graph } = fromBinary(ModelProtoSchema, trainingProgram(context).bytes);
    const loop = graph!.node.find(({ opType }) => opType === "Loop")!;
    const body = loop.attribute[0]!.g!;
    const updates = carriedNames(trainable).flatMap((name, i) => {
      const update = body.node.find(({ output }) => output[0] === body.output[1 + i]!.name)!;
      return name.endsWith("kernel") ? [{ update, before: body.input[2 + i]!.name }] : [];
    });
    const count = (type: string) => types(body.node).filter((one) => one === type).length;
    return { inputs: graph!.input.map(({ name }) => name), updates, count };
  }

  const sgd = { name: "sgd", learningRate: 0.1, weightDecay: 0.01 } as const;

  test.each(["bp", "kp", "dfa"] as const)(
    "%s: a kernel's update stays one Gemm, and no Mul is as large as a kernel",
    (rule) => {
      const [constant, scheduled] = [trained(sgd, rule), trained({ ...sgd, schedule }, rule)];
      expect(scheduled.updates).toHaveLength(3);
      for (const { update, before } of scheduled.updates) {
        expect(update.opType).toBe("Gemm");
        expect(update.input[2]).toBe(before);
      }
      expect(scheduled.count("Gemm")).toBe(constant.count("Gemm"));
      expect(scheduled.count("Add")).toBe(constant.count("Add"));
      // One for the smaller factor of each kernel's gradient, and one for the row of ones in that of all biases.
      expect(scheduled.count("Mul")).toBe(constant.count("Mul") + 4);
    },
  );

  test("is there only with a schedule", () => {
    expect(trained(sgd, "bp").inputs).not.toContain("rates");
    expect(trained({ ...sgd, schedule }, "bp").inputs).toContain("rates");
  });
});

const optimizers: readonly OptimizerSpec[] = [
  { name: "sgd", learningRate: 0.1, weightDecay: 0.01, schedule },
  {
    name: "sgd",
    learningRate: 0.05,
    momentum: 0.9,
    schedule: { name: "multiStep", milestones: [2, 5, 6], gamma: 0.5 },
  },
  { name: "adamw", learningRate: 0.01, weightDecay: 0.1, epsilon: 1e-3, schedule },
];

describe.each(optimizers)("%j", (optimizer) => {
  const given = trainingCase({
    rule: "kp",
    loss: { name: "softmaxCrossEntropy", labelSmoothing: 0.1 },
    sizes: SIZES,
    optimizer,
    batch: BATCH,
    steps: 11,
  });
  const source: Source = {
    inputs: Float32Array.from(given.batches.flatMap(({ input }) => input.flat())),
    targets: Int32Array.from(given.batches.flatMap(({ labels }) => labels!)),
    count: 33,
  };
  const rows = Int32Array.from({ length: 33 }, (_, row) => row);
  const setup: CompiledNetworkSetup = {
    ...given,
    layout: { inputShape: [9], targetShape: [] },
    batchSize: BATCH,
    threads: 1,
  };
  /** Losses and weights after training on these stretches of the rows, a call each. */
  async function train(ends: readonly number[], alignmentBatches = 0) {
    const network = await CompiledNetwork.create(setup);
    const losses: number[] = [];
    let start = 0;
    for (const end of ends) {
      const part = rows.subarray(start, end);
      losses.push(...(await network.train(source, part, { alignmentBatches })).losses);
      start = end;
    }
    const weights = await network.weights();
    await network.dispose();
    return { losses, weights };
  }

  test("trains as the plain loops do", async () => {
    const { losses, weights } = await train([33]);
    const expected = plainTrain(given, given.weights, given.batches);
    expected.losses.forEach((loss, step) => expect(losses[step]).toBeCloseTo(loss, 5));
    for (const [name, values] of Object.entries(weights))
      expected.weights[name]!.flat().forEach((value, i) => expect(values[i]).toBeCloseTo(value, 5));
  });

  test("the same bits however the steps are cut into calls, and whether alignment is measured or not", async () => {
    const whole = await train([33]);
    const oneByOne = given.batches.map((_, step) => (step + 1) * BATCH);
    expect(await train(oneByOne)).toEqual(whole);
    expect(await train([6, 21, 24, 33])).toEqual(whole);
    expect(await train([33], 4)).toEqual(whole);
  });
});
