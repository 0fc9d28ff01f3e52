import { afterEach, expect, test } from "@jest/globals";
import {
  type Activation,
  activations,
  createInitializer,
  createLayer,
  createNetwork,
  createOptimizer,
  createTrainable,
  defineLayer,
  defineLoss,
  defineOptimizer,
  descend,
  initializers,
  type LossDefinition,
  layers,
  type Optimizer,
  type OwnLayer,
  optimizers,
  type Rule,
  rules,
  type Shape,
  shapeOps,
  trainStep,
} from "../index";

afterEach(() => {
  for (const registry of [activations, initializers, layers, optimizers, rules])
    registry.remove("own");
});

/** What is wrong on purpose, whatever its type is to be. */
// biome-ignore lint/suspicious/noExplicitAny: that is what JavaScript has.
type Wrong = any;

const wrongActivations: [string, Partial<Activation>, string][] = [
  [
    "nothing",
    { forward: (() => undefined) as Wrong },
    "forward: expected it to return a tensor of the shape [2, 12], received undefined.",
  ],
  [
    "a number",
    { forward: (() => 1) as Wrong },
    "forward: expected it to return a tensor of the shape [2, 12], received 1.",
  ],
  [
    "a promise",
    { forward: (async (_: Wrong, a: Wrong) => a) as Wrong },
    "forward: expected it to return a tensor of the shape [2, 12], received a Promise that is not awaited.",
  ],
  [
    "sums",
    { forward: (ops, a) => ops.sum(a, [1], true) },
    "forward: expected it to return a tensor of the shape [2, 12], received one of [2, 1].",
  ],
  [
    "sums of errors",
    { backward: (ops, _at, delta) => ops.sum(delta, [1], true) },
    "backward: expected it to return a tensor of the shape [2, 12], received one of [2, 1].",
  ],
];

test.each(wrongActivations)(
  "an activation that returns %s is not added",
  (_what, wrong, message) => {
    const own: Activation = {
      name: "own",
      forward: (_ops, a) => a,
      backward: (_ops, _at, delta) => delta,
      ...wrong,
    };
    expect(() => activations.add(own)).toThrow(`Activation "own": ${message}`);
    expect(activations.has("own")).toBe(false);
  },
);

/** One step of a network of two dense layers, on shapes. */
function step(rule: Rule): void {
  const trainable = createTrainable({
    spec: {
      inputShape: [4],
      rule,
      layers: [
        { type: "dense", units: 5, activation: "tanh" },
        { type: "dense", units: 3 },
      ],
    },
    loss: "softmaxCrossEntropy",
    optimizer: { name: "sgd", learningRate: 0.1 },
  });
  const { network } = trainable;
  const parameters: Record<string, Shape>[] = network.layers.map(() => ({}));
  for (const { layer, role, shape } of network.parameters) parameters[layer]![role] = shape;
  const state = { parameters, slots: network.parameters.map(() => []) };
  const batch = { input: [7, 4], target: [7] };
  trainStep(shapeOps, trainable, state, { batch, noise: [], step: [], rate: 0.1 });
}

const wrongRules: [string, "fa" | "dfa", Partial<Rule>, string][] = [
  [
    "fa",
    "fa",
    { transport: (() => undefined) as Wrong },
    "transport: expected it to return a tensor of the shape [5, 3], received undefined.",
  ],
  [
    "fa",
    "fa",
    { transport: (ops, { parameters }) => ops.sum(parameters.kernel, [0], true) },
    "transport: expected it to return a tensor of the shape [5, 3], received one of [1, 3].",
  ],
  [
    "dfa",
    "dfa",
    { transport: (ops, { parameters }) => ops.sum(parameters.feedback as never, [0], true) },
    "transport: expected it to return a tensor of the shape [5, 3], received one of [1, 3].",
  ],
  [
    "dfa",
    "dfa",
    { outputSignal: (ops, { error }) => ops.sum(error, [0], true) },
    "outputSignal: expected it to return a tensor of the shape [7, 3], received one of [1, 3].",
  ],
  [
    "fa",
    "fa",
    { feedbackGradient: (() => 3) as Wrong },
    "feedbackGradient: expected it to return a tensor of the shape",
  ],
  [
    "fa",
    "fa",
    { mirror: (() => undefined) as Wrong },
    "mirror: expected it to return a tensor of the shape",
  ],
];

test.each(wrongRules)(
  "a rule as %s that returns something else is named in its step: %#",
  (_name, like, wrong, message) => {
    const own = { ...(rules.get(like) as Rule), name: "own" };
    expect(() => step(own)).not.toThrow();
    rules.remove("own");
    expect(() => step({ ...own, ...wrong })).toThrow(`Rule "own": ${message}`);
  },
);

const loss: LossDefinition = {
  name: "own",
  targets: ["values"],
  elements(ops, output, target) {
    const off = ops.sub(output, target);
    return { elements: ops.mul(off, off), error: off };
  },
  factor: 0.5,
  divisor: (outputs) => outputs,
};

test.each<[Wrong, string]>([
  [{ targets: [] }, '"targets", a list of'],
  [{ targets: ["stuff"] }, '"targets", a list of'],
  [{ targets: "values" }, '"targets", a list of'],
  [{ factor: Number.NaN }, '"factor", a finite number, received NaN.'],
  [{ divisor: undefined }, '"divisor", a function, received none.'],
  [{ elements: 3 }, '"elements", a function, received 3.'],
])("a loss with %p is refused as it is defined", (wrong, message) => {
  expect(() => defineLoss({ ...loss, ...wrong })).toThrow(
    `Loss "own": expected its definition to have ${message}`,
  );
});

test.each<[string, LossDefinition["elements"], string]>([
  [
    "nothing",
    (() => undefined) as Wrong,
    'the "elements" of its elements: expected it to return a tensor of the shape [7, 3], received undefined.',
  ],
  [
    "no error",
    ((_: Wrong, y: Wrong) => ({ elements: y })) as Wrong,
    'the "error" of its elements: expected it to return a tensor of the shape [7, 3], received undefined.',
  ],
  [
    "an error an example",
    (ops, y) => ({ elements: y, error: ops.sum(y, [1], true) }),
    'the "error" of its elements: expected it to return a tensor of the shape [7, 3], received one of [7, 1].',
  ],
])("a loss whose elements return %s is named", (_what, elements, message) => {
  const { evaluate, perExample } = defineLoss({ ...loss, elements });
  for (const use of [evaluate, perExample])
    expect(() => use(shapeOps, [7, 3], [7, 3])).toThrow(`Loss "own": ${message}`);
});

test.each<[Wrong, string]>([
  [undefined, 'expected its "slots" to be a list of different names'],
  [{ slots: undefined }, 'expected its "slots" to be a list of different names'],
  [{ slots: ["m", "m"] }, 'expected its "slots" to be a list of different names'],
  [{ update: undefined }, 'expected it to have "update", a function'],
  [
    { update: () => undefined },
    'the "parameter" of its update: expected it to return a tensor of the shape [2, 3], received undefined.',
  ],
  [
    { update: (_: Wrong, { parameter }: Wrong) => ({ parameter }) },
    'expected its update to return 1 "slots", m, received undefined.',
  ],
  [
    { update: (_: Wrong, { parameter }: Wrong) => ({ parameter, slots: [] }) },
    'expected its update to return 1 "slots", m, received 0.',
  ],
  [
    { update: (ops: Wrong, { parameter }: Wrong) => ({ parameter, slots: [ops.sum(parameter)] }) },
    'the slot "m" of its update: expected it to return a tensor of the shape [2, 3], received one of [].',
  ],
])("an optimizer that is made as %p is refused", (wrong, message) => {
  const made: Optimizer = {
    slots: ["m"],
    update: (ops, inputs) => ({
      parameter: descend(ops, inputs, inputs.gradient),
      slots: [inputs.gradient],
    }),
  };
  const own = defineOptimizer({
    name: "own",
    options: {},
    create: () => (wrong === undefined ? wrong : { ...made, ...wrong }),
  });
  expect(() => createOptimizer({ name: own, learningRate: 0.1 })).toThrow(
    `Optimizer "own": ${message}`,
  );
});

const maths = (shape: Shape): ReturnType<OwnLayer<Record<never, never>>["maths"]> => ({
  weights: [
    {
      role: "gamma",
      shape: shape.slice(-1),
      initializer: "ones",
      learns: true,
      decays: false,
    },
  ],
  forward: (ops, { gamma }, input) => ({ input, output: ops.mul(input, gamma as never) }),
  backward: (ops, { gamma }, { input }, delta) => ({
    input: ops.mul(delta, gamma as never),
    gradients: { gamma: ops.sum(ops.mul(delta, input), [0]) },
  }),
});

test.each<[string, Wrong, string]>([
  [
    "no output",
    { forward: (_: Wrong, _w: Wrong, input: Wrong) => ({ input }) },
    'the "output" of forward: expected it to return a tensor of the shape [2, 3], received undefined.',
  ],
  [
    "an output of another shape",
    {
      forward: (ops: Wrong, _w: Wrong, input: Wrong) => ({
        input,
        output: ops.sum(input, [1], true),
      }),
    },
    'the "output" of forward: expected it to return a tensor of the shape [2, 3], received one of [2, 1].',
  ],
  [
    "no error",
    { backward: () => ({ gradients: { gamma: [3] } }) },
    'the "input" of backward: expected it to return a tensor of the shape [2, 3], received undefined.',
  ],
  [
    "an error that would be broadcast",
    {
      backward: (ops: Wrong, _w: Wrong, _r: Wrong, delta: Wrong) => ({
        input: ops.sum(delta, [1], true),
        gradients: { gamma: [3] },
      }),
    },
    'the "input" of backward: expected it to return a tensor of the shape [2, 3], received one of [2, 1].',
  ],
  [
    "no gradient",
    { backward: (_: Wrong, _w: Wrong, _r: Wrong, delta: Wrong) => ({ input: delta }) },
    'the gradient of "gamma" of backward: expected it to return a tensor of the shape [3], received undefined.',
  ],
  [
    "no backward",
    { backward: undefined },
    'expected it to have "backward", a function, received none.',
  ],
  [
    "a weight without a role",
    { weights: [{ shape: [3] }] },
    'expected each of its weights to have a "role" of its own',
  ],
  [
    "a rule's weight",
    { weights: [{ role: "feedback", shape: [3] }] },
    'expected each of its weights to have a "role" of its own',
  ],
  [
    "a weight of no shape",
    { weights: [{ role: "gamma", shape: [-1] }] },
    'expected the "shape" of its weight "gamma" to be a list of whole numbers from 1, received [-1].',
  ],
])("a layer with %s is refused as it is made", (_what, wrong, message) => {
  const own = defineLayer({
    name: "own",
    options: {},
    probe: [3],
    maths: (_options, shape) => ({ ...maths(shape), ...wrong }),
  });
  layers.add(own as never);
  expect(() => createLayer({ type: "own" } as never, [3])).toThrow(`Layer "own": ${message}`);
  const spec = { inputShape: [3], rule: "bp", layers: [{ type: "own" }] } as never;
  expect(() => createNetwork(spec)).toThrow(`Layer 0: Layer "own": ${message}`);
});

test.each<[Wrong, string]>([
  [
    () => undefined,
    "expected its create to return a function of a weight's shape, received undefined.",
  ],
  [() => () => undefined, 'to have "draw", a function, received undefined.'],
  [() => () => ({ stddev: 1 }), 'to have "draw", a function, received undefined.'],
  [() => () => ({ draw: () => 1 }), 'to have "stddev", a number from 0, received undefined.'],
  [() => () => ({ draw: () => 1, stddev: -1 }), 'to have "stddev", a number from 0, received -1.'],
])("an initializer that is made by %p is refused", (create, message) => {
  const own = { name: "own", options: {}, create };
  const start = () => createInitializer({ name: own } as never)([2, 3]);
  expect(start).toThrow('Initializer "own": ');
  expect(start).toThrow(message);
});
