import { afterEach, expect, test } from "@jest/globals";
import {
  type Activation,
  activations,
  BioflaxError,
  createNetwork,
  createOptimizer,
  createSchedule,
  createTrainable,
  DefinitionError,
  defineKernelLayer,
  defineLayer,
  defineLoss,
  defineOptimizer,
  getLoss,
  getModel,
  initializers,
  initializeWeights,
  layers,
  losses,
  models,
  optimizers,
  type Rule,
  rules,
  type Shape,
  schedules,
  shapeOps,
  trainStep,
} from "./index";

const registries = [activations, initializers, layers, losses, models, optimizers, rules];

afterEach(() => {
  for (const registry of [...registries, schedules]) registry.remove("own");
});

const slip = new TypeError("x is undefined");
const fails = (): never => {
  throw slip;
};

/** What is thrown by something that has to throw. */
function thrownBy(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error("Nothing was thrown.");
}

/** One step of a network of three dense layers, of which the second is another, on shapes. */
function step(rule: Rule | "fa", second: object = {}, optimizer: object = {}): void {
  const trainable = createTrainable({
    spec: {
      inputShape: [4],
      rule: "bp",
      layers: [
        // The second passes on no errors where its own come straight from the output.
        { type: "dense", units: 5, rule: rule !== "fa" && rule.outputSignal ? "dfa" : "bp" },
        { type: "dense", units: 5, rule, ...second } as never,
        { type: "dense", units: 3 },
      ],
    },
    loss: "softmaxCrossEntropy",
    optimizer: { name: "sgd", learningRate: 0.1, ...optimizer } as never,
  });
  const { network } = trainable;
  const parameters: Record<string, Shape>[] = network.layers.map(() => ({}));
  for (const { layer, role, shape } of network.parameters) parameters[layer]![role] = shape;
  const noise = network.noise.map((): Shape => []);
  const state = { parameters, slots: network.parameters.map(() => []) };
  const batch = { input: [7, 4], target: [7] };
  trainStep(shapeOps, trainable, state, { batch, noise, step: [], rate: 0.1 });
}

test.each<[string, "fa" | "dfa", Partial<Rule>]>([
  ["transport", "fa", { transport: fails }],
  ["transport", "dfa", { transport: fails, outputSignal: (_ops, { error }) => error }],
  ["outputSignal", "dfa", { outputSignal: fails }],
  ["feedbackGradient", "fa", { feedbackGradient: fails }],
  ["mirror", "fa", { mirror: fails }],
  ["noise", "fa", { noise: fails }],
  ["refuses", "fa", { refuses: fails }],
])("what a rule's %s throws says whose it is, and in which layer: %#", (name, like, wrong) => {
  const error = thrownBy(() => step({ ...(rules.get(like) as Rule), name: "own", ...wrong }));
  expect(error).toBeInstanceOf(DefinitionError);
  expect(error.message).toBe(`Layer 1: Rule "own": ${name}: x is undefined.`);
  expect(error.cause).toBe(slip);
});

const activation: Activation = {
  name: "own",
  forward: (_ops, a) => a,
  backward: (_ops, _at, delta) => delta,
};

test.each(["forward", "backward"] as const)("an activation's %s", (name) => {
  // On what is not as what it was tried on as it was added.
  const own = (_ops: never, given: never, delta = given) =>
    (shapeOps.shape(delta) as readonly number[])[0] === 7 ? fails() : delta;
  const error = thrownBy(() => step("fa", { activation: { ...activation, [name]: own } }));
  expect(error.message).toBe(`Layer 1: Activation "own": ${name}: x is undefined.`);
  expect(error.cause).toBe(slip);
});

test("an activation as it is added", () => {
  const error = thrownBy(() => activations.add({ ...activation, forward: fails }));
  expect(error.message).toBe('Activation "own": forward: x is undefined.');
  expect(activations.has("own")).toBe(false);
});

const passes = {
  forward: (_ops: never, _own: never, input: never) => ({ input, output: input }),
  backward: (_ops: never, _own: never, _residuals: never, delta: never) => ({ input: delta }),
} as never as object;

test.each<[string, object]>([
  ["create", { maths: fails }],
  ["forward", { maths: () => ({ ...passes, forward: fails }) }],
  ["backward", { maths: () => ({ ...passes, backward: fails }) }],
])("a layer's %s", (name, wrong) => {
  const own = defineLayer({ name: "own", options: {}, probe: [3], ...wrong } as never);
  const spec = { inputShape: [4], rule: "bp", layers: [{ type: own }] } as const;
  const error = thrownBy(() => createNetwork(spec));
  expect(error.message).toBe(`Layer 0: Layer "own": ${name}: x is undefined.`);
  expect(error.cause).toBe(slip);
});

test("a layer's map", () => {
  const own = defineKernelLayer({
    name: "own",
    options: {},
    probe: [3],
    map: (_options, inputShape) => ({
      inputShape,
      outputShape: [2],
      kernelShape: [4, 2],
      apply: fails,
      kernelGradient: fails,
      backproject: fails,
    }),
  });
  const spec = { inputShape: [4], rule: "bp", layers: [{ type: own }] } as const;
  expect(thrownBy(() => createNetwork(spec)).message).toBe(
    'Layer 0: Layer "own": forward: x is undefined.',
  );
});

test("a loss, and what it is smoothed to", () => {
  const own = defineLoss({
    name: "own",
    targets: ["probabilities"],
    probabilities: (_ops, output) => output,
    elements: fails,
    factor: 1,
    divisor: () => 1,
    even: () => 0.5,
  });
  for (const given of [own, { name: own, labelSmoothing: 0.1 }])
    expect(thrownBy(() => getLoss(given).evaluate(shapeOps, [7, 3], [7, 3])).message).toBe(
      'Loss "own": evaluate: x is undefined.',
    );
});

test.each<[string, () => unknown]>([
  ["create: ", fails],
  ["update: ", () => ({ slots: [], update: fails })],
])("an optimizer's %s", (name, create) => {
  const own = defineOptimizer({ name: "own", options: {}, create: create as never });
  const error = thrownBy(() => createOptimizer({ name: own, learningRate: 0.1 }));
  expect(error.message).toBe(`Optimizer "own": ${name}x is undefined.`);
  expect(error.cause).toBe(slip);
});

test.each<[string, () => unknown]>([
  ["create: ", fails],
  ["", () => fails],
  ["draw: ", () => () => ({ stddev: 1, draw: fails })],
])("an initializer's %s", (name, create) => {
  const own = { name: "own", options: {}, create } as never;
  const network = () =>
    createNetwork({
      inputShape: [4],
      rule: "bp",
      layers: [
        { type: "dense", units: 2 },
        { type: "dense", units: 2, kernelInitializer: own },
      ],
    });
  const error = thrownBy(() => initializeWeights(network(), 0));
  expect(error.message).toBe(`Layer 1: Initializer "own": ${name}x is undefined.`);
  expect(error.cause).toBe(slip);
});

test.each<[string, () => unknown]>([
  ["create: ", fails],
  ["", () => fails],
])("a schedule's %s", (name, create) => {
  const own = { name: "own", options: {}, create } as never;
  const error = thrownBy(() => createSchedule({ name: own })(3));
  expect(error.message).toBe(`Schedule "own": ${name}x is undefined.`);
});

test("a model", () => {
  models.add({ name: "own", title: "own", inputs: "flat", options: {}, create: fails } as never);
  const error = thrownBy(() => getModel("own").create({} as never));
  expect(error.message).toBe('Model "own": create: x is undefined.');
});

test("what is thrown and is no error is shown, and a word of bioflax's own has the definition before it", () => {
  const of = (thrown: unknown) =>
    thrownBy(() =>
      step({
        ...(rules.get("fa") as Rule),
        name: "own",
        transport: () => {
          throw thrown;
        },
      }),
    );
  expect(of("no")).toMatchObject({ message: 'Layer 1: Rule "own": transport: "no".', cause: "no" });
  rules.remove("own");
  const ours = new BioflaxError("matMul: expected 3.\n  And 4.");
  expect(of(ours)).toMatchObject({
    message: 'Layer 1: Rule "own": transport: matMul: expected 3.\n  And 4.',
    cause: ours,
  });
  rules.remove("own");
  const named = new BioflaxError('Rule "own": expected less.');
  expect(of(named)).toBe(named);
  expect(named.message).toBe('Layer 1: Rule "own": expected less.');
});

test("an added definition is found as one thing, and may be given again", () => {
  const own = { ...activation };
  activations.add(own);
  const found = activations.get("own");
  expect(found.forward(shapeOps, [2, 3])).toEqual([2, 3]);
  expect(activations.get("own")).toBe(found);
  expect([...activations].at(-1)).toBe(found);
  expect([activations.add(found), activations.nameOf(own)]).toEqual([found, "own"]);
  expect(activations.get("tanh")).toBe([...activations].find(({ name }) => name === "tanh"));
});

test("one of a class is called as it is", () => {
  class Kept {
    readonly #kept = "kept";
    readonly name = "own";
    forward(_ops: never, a: never) {
      return this.#kept === "kept" ? a : undefined;
    }
    backward(_ops: never, _at: never, delta: never) {
      return delta;
    }
  }
  activations.add(new Kept() as never);
  expect(activations.get("own").forward(shapeOps, [2, 3])).toEqual([2, 3]);
});

test("what stops something that was to be stopped is left as it is, also where it comes later", async () => {
  const stop = new AbortController();
  const own = {
    name: "own",
    title: "own",
    inputs: "flat",
    options: {},
    create: async ({ signal }: { signal?: AbortSignal }) => {
      signal?.throwIfAborted();
      return fails();
    },
  };
  models.add(own as never);
  const create = getModel("own").create as never as (options: object) => Promise<never>;
  await expect(create({})).rejects.toThrow('Model "own": create: x is undefined.');
  stop.abort();
  await expect(create({ signal: stop.signal })).rejects.toBe(stop.signal.reason);
});
