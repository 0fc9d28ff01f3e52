// On TensorFlow's own library, where `bioflax devices --install tensorflow` has made its native part: what is done
// otherwise there.
import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import {
  createOptimizer,
  float64Tensor,
  type OptimizerSpec,
  Random,
  type RuleName,
  referenceOps,
} from "@bioflax/core";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import * as tf from "@tensorflow/tfjs";
import { thisHost } from "../src/devices/host";
import { bioNetwork, loss, optimizer } from "../src/index";
import { tensorflowLibrary } from "../src/ops/tensorflow-library";
import { tfOps } from "../src/ops/tf-ops";
import { artifactsOf } from "./artifacts";
import { BACKENDS } from "./backends";
import { rulesOfFit } from "./rules-of-fit";

const bindingOf = () => tensorflowLibrary(tf)!.binding;
const onTensorflow = BACKENDS.includes("tensorflow") ? describe : describe.skip;
const SHAPE = [120, 100] as const;
const random = new Random(0, "tensorflow");
const values = () => Float32Array.from({ length: SHAPE[0] * SHAPE[1] }, () => random.normal());

onTensorflow("TensorFlow's library", () => {
  beforeAll(() => tf.setBackend("tensorflow"));
  let tensors = 0;
  beforeEach(() => {
    tensors = tf.memory().numTensors;
  });
  afterEach(() => {
    tf.disposeVariables();
    expect(tf.memory().numTensors).toBeLessThanOrEqual(tensors);
  });

  /** The operations of the library that some work asks for, by name. */
  function operationsOf(work: () => void): string[] {
    const library = tensorflowLibrary(tf)! as { binding: ReturnType<typeof bindingOf> };
    const asked: string[] = [];
    const { binding } = library;
    const executeOp: typeof binding.executeOp = (...args) => {
      asked.push(args[0]);
      return binding.executeOp(...args);
    };
    library.binding = Object.create(binding, { executeOp: { value: executeOp } });
    try {
      work();
    } finally {
      library.binding = binding;
    }
    return asked;
  }

  test.each<[string, OptimizerSpec]>([
    ["ResourceApplyGradientDescent", { name: "sgd", learningRate: 0.1 }],
    ["ResourceApplyMomentum", { name: "sgd", learningRate: 0.1, momentum: 0.9 }],
    ["ResourceApplyMomentum", { name: "sgd", learningRate: 0.1, momentum: 0.9, nesterov: true }],
    ["ResourceApplyAdam", { name: "adam", learningRate: 0.01 }],
    [
      "ResourceApplyAdam",
      { name: "adam", learningRate: 0.01, epsilon: 0.1, beta1: 0.5, beta2: 0.9 },
    ],
    ["ResourceApplyAdam", { name: "adamw", learningRate: 0.01 }],
  ])("%s takes the steps of %j", (operation, spec) => {
    const given = values();
    const before = given.slice();
    const weight = tf.tidy(() => tf.variable(tf.tensor(given, [...SHAPE]), true, "w/kernel"));
    const clone = weight.clone();
    const stepper = optimizer(spec);
    const definition = createOptimizer(spec);
    let parameter = float64Tensor(before, SHAPE);
    let slots = definition.slots.map(() => float64Tensor(new Float64Array(before.length), SHAPE));
    for (let step = 1; step <= 10; step++) {
      const gradient = values();
      const asked = operationsOf(() =>
        tf.tidy(() => stepper.applyGradients({ "w/kernel": tf.tensor(gradient, [...SHAPE]) })),
      );
      expect(asked.filter((name) => name === operation)).toHaveLength(1);
      ({ parameter, slots } = definition.update(referenceOps, {
        parameter,
        gradient: float64Tensor(gradient, SHAPE),
        slots,
        step: float64Tensor([step], []),
        rate: spec.learningRate,
        weightDecay: 0,
      }) as { parameter: typeof parameter; slots: typeof slots });
    }
    const after = weight.dataSync();
    parameter.data.forEach((value, i) => expect(Math.abs(after[i]! - value)).toBeLessThan(2e-5));
    // What others hold is theirs: a clone from before, and the caller's array.
    expect(clone.dataSync()).toEqual(before);
    expect(given).toEqual(before);
    clone.dispose();
    weight.dispose();
    stepper.dispose();
  });

  test("weights that decay, or that are held to a norm, take core's own steps", () => {
    const step = (spec: OptimizerSpec) => {
      const weight = tf.tidy(() => tf.variable(tf.tensor(values(), [...SHAPE]), true, "d/kernel"));
      const stepper = optimizer(spec);
      const gradient = tf.tensor(values(), [...SHAPE]);
      const asked = operationsOf(() => stepper.applyGradients({ "d/kernel": gradient }));
      tf.dispose([weight, gradient]);
      stepper.dispose();
      return asked.filter((name) => name.startsWith("ResourceApply"));
    };
    expect(step({ name: "sgd", learningRate: 0.1, weightDecay: 0.01 })).toEqual([]);
    expect(step({ name: "sgd", learningRate: 0.1 })).toHaveLength(1);
  });

  test.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])(
    "a product with transposes %s, %s is one operation, and has its gradients",
    (transposeA, transposeB) => {
      const a = tf.tensor2d(values().subarray(0, 12), transposeA ? [4, 3] : [3, 4]);
      const b = tf.tensor2d(values().subarray(0, 20), transposeB ? [5, 4] : [4, 5]);
      const asked = operationsOf(() => tfOps.matMul(a, b, { transposeA, transposeB }).dispose());
      expect(asked).toEqual(["MatMul"]);
      const slopes = (product: (a: tf.Tensor2D, b: tf.Tensor2D) => tf.Tensor) =>
        tf.grads((x, y) => tf.sum(tf.square(product(x as tf.Tensor2D, y as tf.Tensor2D))))([a, b]);
      const ours = slopes((x, y) => tfOps.matMul(x, y, { transposeA, transposeB }));
      const theirs = slopes((x, y) => tf.matMul(x, y, transposeA, transposeB));
      ours.forEach((slope, i) => {
        const expected = theirs[i]!.dataSync();
        slope.dataSync().forEach((value, at) => expect(value).toBeCloseTo(expected[at]!, 4));
      });
      tf.dispose([a, b, ...ours, ...theirs]);
    },
  );

  test("where products are to be in bfloat16, they go the one way on which oneDNN knows of it", () => {
    const [a, b] = [tf.ones([3, 4]), tf.ones([5, 4])] as const;
    process.env.TF_SET_ONEDNN_FPMATH_MODE = "BF16";
    try {
      const asked = operationsOf(() => {
        const product = tfOps.matMul(a, b, { transposeB: true });
        expect([...product.dataSync()]).toEqual(Array(15).fill(4));
        product.dispose();
      });
      expect(asked).toEqual(["BatchMatMulV2"]);
    } finally {
      delete process.env.TF_SET_ONEDNN_FPMATH_MODE;
    }
    tf.dispose([a, b]);
  });

  // In processes of their own, because the library reads its precision once.
  const whereThereIsAUnit = thisHost.bfloat16() === undefined ? test.skip : test;
  whereThereIsAUnit("products in bfloat16 have about 8 bits, in float32 24", () => {
    const errorIn = (precision: string) => {
      const program = `
        const { useDevice } = await import("@bioflax/layers/node");
        const { tfOps } = await import("@bioflax/layers");
        const { tf } = await useDevice("tensorflow", { precision: ${JSON.stringify(precision)} });
        const [a, b] = [1, 2].map((seed) => tf.randomUniform([64, 64], 0.5, 1, "float32", seed));
        const [x, y] = [await a.data(), await b.data()];
        const product = await tfOps.matMul(a, b).data();
        const errors = product.map((value, at) => {
          let sum = 0;
          for (let k = 0; k < 64; k++) sum += x[64 * (at >> 6) + k] * y[64 * k + (at & 63)];
          return Math.abs(value / sum - 1);
        });
        console.log(Math.max(...errors));`;
      const { stdout, stderr } = spawnSync(
        process.execPath,
        ["--input-type=module", "--eval", program],
        { cwd: dirname(__dirname), encoding: "utf8" },
      );
      return Number(stdout.trim() || `no number: ${stderr}`);
    };
    expect(errorIn("float32")).toBeLessThan(1e-6);
    const rounded = errorIn("bfloat16");
    expect(rounded).toBeGreaterThan(1e-4);
    expect(rounded).toBeLessThan(2 ** -8);
  });

  test("a signal that the program handles, in the middle of a product, spoils nothing", () => {
    const program = `
      const { useDevice } = await import("@bioflax/layers/node");
      const { tfOps } = await import("@bioflax/layers");
      const { tf } = await useDevice("tensorflow");
      const [a, b] = [tf.ones([32, 784]), tf.ones([784, 500])];
      const { spawn } = await import("node:child_process");
      process.on("SIGWINCH", () => {});
      const signals = "for i in $(seq 400); do kill -WINCH " + process.pid + "; sleep 0.002; done";
      let isOver = false;
      spawn("sh", ["-c", signals]).on("exit", () => { isOver = true; });
      while (!isOver) {
        for (let i = 0; i < 50; i++) tfOps.matMul(a, b).dispose();
        await new Promise(setImmediate);
      }
      // Which thread a signal comes to is chance; that none of TensorFlow's takes it is certain.
      const { readdirSync, readFileSync } = await import("node:fs");
      const threads = readdirSync("/proc/self/task").map((id) => readFileSync("/proc/self/task/" + id + "/status", "utf8"));
      const ofTensorFlow = threads.filter((status) => status.startsWith("Name:\\ttf_"));
      const heldBack = (status) => BigInt("0x" + /SigBlk:\\s*(\\w+)/.exec(status)[1]);
      const SIGWINCH = 28n;
      console.log(ofTensorFlow.length > 0, ofTensorFlow.every((status) => heldBack(status) >> (SIGWINCH - 1n) & 1n));`;
    const { stdout, signal } = spawnSync(
      process.execPath,
      ["--input-type=module", "--eval", program],
      { cwd: dirname(__dirname), encoding: "utf8", timeout: 120_000 },
    );
    expect({ stdout, signal }).toEqual({ stdout: "true true\n", signal: null });
  });

  test("a step of 784-500-500-10 asks for about fifty operations, none of which turns a matrix", () => {
    const model = bioNetwork({
      mode: "dfa",
      hiddenLayers: [500, 500],
      units: 10,
      inputShape: [784],
    });
    const x = tf.randomNormal([8, 784], 0, 1, "float32", 1);
    const y = tf.tensor1d([0, 1, 2, 3, 4, 5, 6, 7], "int32");
    const stepper = optimizer({ name: "sgd", learningRate: 0.1 });
    const one = loss("softmaxCrossEntropy");
    const step = () =>
      tf.tidy(() => {
        const { grads } = tf.variableGrads(() =>
          one(y, model.apply(x, { training: true }) as tf.Tensor),
        );
        stepper.applyGradients(grads);
      });
    step();
    const asked = operationsOf(step);
    expect(asked.length).toBeLessThanOrEqual(55);
    expect(asked).not.toContain("Transpose");
    expect(asked.filter((name) => /MatMul/.test(name))).toHaveLength(8);
    const before = tf.memory();
    for (let i = 0; i < 5; i++) step();
    expect(tf.memory()).toMatchObject({ numTensors: before.numTensors, numBytes: before.numBytes });
    model.dispose();
    stepper.dispose();
    tf.dispose([x, y]);
  });

  test.each(rulesOfFit)("%s: model.fit, save and load, and predict to the bit", async (rule) => {
    const model = bioNetwork({
      mode: rule as RuleName,
      hiddenLayers: [16],
      units: 3,
      inputShape: [5],
      seed: 3,
    });
    const learningRate = 0.02;
    model.compile({
      optimizer: optimizer({ name: "sgd", learningRate, momentum: 0.5 }),
      loss: loss("softmaxCrossEntropy"),
    });
    const x = tf.randomNormal([60, 5], 0, 1, "float32", 1);
    const y = tf.tidy(() => tf.oneHot(tf.argMax(tf.slice(x, [0, 0], [60, 3]), 1), 3).toFloat());
    const { history } = await model.fit(x, y, {
      epochs: 12,
      batchSize: 10,
      shuffle: false,
      verbose: 0,
    });
    const [first, last] = [history.loss![0] as number, history.loss!.at(-1) as number];
    expect(last).toBeLessThan(first);
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(await artifactsOf(model)));
    const predict = (one: tf.LayersModel) =>
      tf.tidy(() => (one.predict(x) as tf.Tensor).dataSync());
    expect(predict(loaded)).toEqual(predict(model));
    for (const one of [model, loaded]) one.dispose();
    tf.dispose([x, y]);
  });
});
