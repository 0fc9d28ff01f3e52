import {
  carriesErrors,
  createTrainable,
  type Float64Tensor,
  flatten,
  float64Tensor,
  groupByLayer,
  initializeWeights,
  type KernelLayer,
  type LayerContext,
  type LayerSpec,
  layerContextsOf,
  lossAndGradients,
  losses,
  noiseShape,
  prepareStep,
  type Rule,
  referenceOps,
  rules,
  shapeOps,
  type Trainable,
} from "@bioflax/core";
import { drawn, ensure, ensureClose, ensureFinite, numericalGradient, streamOf } from "./check";

/** A rule's transport written out for the contract to compare with: rows of numbers in, rows of numbers out. */
export type PlainTransport = (weights: {
  /** W, [in, units]. */
  readonly kernel: readonly (readonly number[])[];
  /** B, as the route shapes it; undefined where the rule keeps none. */
  readonly feedback: readonly (readonly number[])[] | undefined;
  /** The rule's noise of this step, row-major. */
  readonly noise: readonly (readonly number[])[];
}) => readonly (readonly number[])[];

const BATCH = 3;
const dense = (units: number): LayerSpec => ({
  type: "dense",
  units,
  activation: "tanh",
  biasInitializer: { name: "uniform", scale: 0.3 },
});

/** A network of each kind of layers with a kernel, small enough to be tried in full. */
const networks: readonly (readonly [string, readonly number[], readonly LayerSpec[]])[] = [
  ["dense layers", [5], [dense(4), dense(6), { type: "dense", units: 3 }]],
  [
    "a convolution",
    [4, 4, 2],
    [
      { type: "conv2d", filters: 3, kernelSize: 2, activation: "tanh" },
      { type: "flatten" },
      dense(4),
      { type: "dense", units: 3 },
    ],
  ],
];

const rowsOf = ({ data, shape }: Float64Tensor): number[][] => {
  const columns = shape.at(-1) as number;
  return Array.from({ length: data.length / columns }, (_, i) => [
    ...data.slice(i * columns, (i + 1) * columns),
  ]);
};

/** A batch, and all that a step of it needs. */
function stepOf({ network }: Trainable, rule: Rule, who: string) {
  const random = streamOf(who);
  const weights = initializeWeights(network, 1);
  const values = network.parameters.map(({ name, shape }) =>
    float64Tensor(weights[name] as Float32Array, shape),
  );
  const noise = network.noise.map((own) => {
    const shape = noiseShape(own, BATCH);
    const size = shape.reduce((a, b) => a * b, 1);
    return float64Tensor(
      Array.from({ length: size }, () => own.draw(random)),
      shape,
    );
  });
  const batch = {
    input: drawn(random, [BATCH, ...network.spec.inputShape]),
    target: float64Tensor([0, 2, 1], [BATCH]),
    delayed: rule.needsDelayedError ? drawn(random, [BATCH, network.outputs]) : undefined,
  };
  return { values, noise, batch };
}

/**
 * What every rule has to be, in networks of each kind of layers with a kernel that it does not refuse: gradients of
 * every weight that learns, of its shape and finite; that of the output layer the loss's own; a transport of the shape
 * its route needs; feedback weights just where it says; noise that is there; and the same by shapes alone.
 *
 * @param rule which is added to {@link rules}.
 * @param options `plain`: its transport written out; without it the formula itself is not checked.
 * @throws Error saying what is wrong with it, at which weight of which layer, and how far off.
 */
export function ruleContract(
  rule: Rule,
  { plain }: { readonly plain?: PlainTransport } = {},
): void {
  rules.add(rule);
  const who = `The rule "${rule.name}"`;
  for (const key of ["transport", "feedback"] as const)
    ensure(
      typeof rule.formula[key] === "string" && rule.formula[key] !== "",
      who,
      `its formula says nothing of the ${key}, which docs show.`,
    );
  ensure(
    rule.route.source === "output" || rule.outputSignal === undefined,
    who,
    "it has an outputSignal, and its errors travel layer by layer, so that nothing is sent.",
  );
  ensure(
    !rule.needsDelayedError || rule.outputSignal !== undefined,
    who,
    "it needs the delayed error, which only an outputSignal reads, and it has none.",
  );
  ensure(
    rule.errorProjection === undefined || (rule.hasFeedback && rule.route.source === "above"),
    who,
    "it has an errorProjection, which is for rules with feedback weights whose errors travel layer by layer.",
  );
  const tried = networks.filter(([name, inputShape, layers]) =>
    checkNetwork(rule, `${who} in a network of ${name}`, inputShape, layers, plain),
  );
  ensure(tried.length > 0, who, "it refuses every layer.");
}

/** @returns whether the rule takes the network. */
function checkNetwork(
  rule: Rule,
  who: string,
  inputShape: readonly number[],
  layers: readonly LayerSpec[],
  plain: PlainTransport | undefined,
): boolean {
  const loss = [...losses].find(
    ({ targets, targetSignal }) =>
      targets.includes("classes") && (targetSignal || !rule.needsTarget),
  );
  ensure(loss !== undefined, who, "no loss of classes tells it what it needs.");
  let trainable: Trainable;
  try {
    trainable = createTrainable({
      spec: { inputShape, rule, layers },
      loss,
      optimizer: { name: "sgd", learningRate: 0.1 },
    });
  } catch (error) {
    ensure(rule.refuses !== undefined, who, `it cannot be used: ${(error as Error).message}`);
    return false;
  }
  const { network } = trainable;
  const { values, noise, batch } = stepOf(trainable, rule, who);
  for (const { name, role } of network.parameters)
    ensure(
      !carriesErrors(role) || rule.hasFeedback,
      who,
      `there is ${name}, and it says it keeps no feedback weights.`,
    );
  const parameters = prepareStep(referenceOps, network, groupByLayer(network, values), noise);
  const contexts = layerContextsOf(network, network.rules, parameters);
  contexts.forEach((context, index) => {
    if (context !== undefined)
      checkTransport(rule, `${who}, layer ${index}`, context, index, network.outputs, plain);
  });
  const step = lossAndGradients(referenceOps, trainable, parameters, batch);
  const gradients = flatten(network, step.gradients);
  network.parameters.forEach(({ name, shape, learns }, i) => {
    const gradient = gradients[i];
    if (!learns) return;
    ensure(gradient !== undefined, who, `${name} learns, and has no gradient.`);
    ensure(
      gradient.shape.join() === shape.join(),
      who,
      `the gradient of ${name} has the shape [${gradient.shape}], expected [${shape}].`,
    );
    ensureFinite(who, `the gradient of ${name}`, gradient);
  });
  const at = network.parameters.findIndex(
    ({ layer, role }) => layer === network.outputLayer && role === "kernel",
  );
  const lossOf = (kernel: Float64Tensor) => {
    const moved = values.map((value, i) => (i === at ? kernel : value));
    const own = prepareStep(referenceOps, network, groupByLayer(network, moved), noise);
    return lossAndGradients(referenceOps, trainable, own, batch).loss.data[0] as number;
  };
  // That of a second pass has the layer's input there.
  if (rule.route.source !== "input")
    ensureClose(
      who,
      "the gradient of the output layer's kernel, by finite differences of the loss,",
      gradients[at] as Float64Tensor,
      numericalGradient(lossOf, values[at] as Float64Tensor),
    );
  const shapes = lossAndGradients(
    shapeOps,
    trainable,
    prepareStep(
      shapeOps,
      network,
      groupByLayer(
        network,
        values.map(({ shape }) => shape),
      ),
      noise.map(({ shape }) => shape),
    ),
    {
      input: batch.input.shape,
      target: batch.target.shape,
      delayed: batch.delayed?.shape,
    },
  );
  flatten(network, shapes.gradients).forEach((shape, i) => {
    if (shape === undefined || gradients[i] === undefined) return;
    ensure(
      shape.join() === gradients[i].shape.join(),
      who,
      `the gradient of ${network.parameters[i]?.name} has the shape [${gradients[i].shape}], and by shapes alone [${shape}].`,
    );
  });
  return true;
}

/** What carries errors to or from a layer. */
function checkTransport(
  rule: Rule,
  who: string,
  context: LayerContext<Float64Tensor>,
  index: number,
  outputs: number,
  plain: PlainTransport | undefined,
): void {
  const layer: KernelLayer = context.layer;
  const { kernel, feedback, noise = [] } = context.parameters;
  const isDirect = rule.route.source !== "above";
  // Only the first layer brings an error to the data.
  if (rule.route.source === "input" && index !== 0) return;
  // Of the output layer, a direct rule has none.
  if (isDirect && feedback === undefined) {
    ensure(
      layer.outputShape.join() === `${outputs}`,
      who,
      "its errors come straight from the output, and it keeps no feedback weights: set hasFeedback.",
    );
    return;
  }
  const matrix = rule.transport(referenceOps, context);
  const expected = isDirect ? (feedback as Float64Tensor).shape : layer.kernelShape;
  ensure(
    matrix.shape.join() === expected.join(),
    who,
    `its transport has the shape [${matrix.shape}], expected [${expected}].`,
  );
  ensureFinite(who, "its transport", matrix);
  if (plain === undefined) return;
  const written = plain({
    kernel: rowsOf(kernel),
    feedback: feedback && rowsOf(feedback),
    noise: noise.map(({ data }) => [...data]),
  });
  ensureClose(
    `${who} (index ${index})`,
    "its transport, beside the plain one,",
    matrix,
    float64Tensor(written.flat(), matrix.shape),
    1e-9,
  );
}
