import {
  createInitializer,
  createLayer,
  errorsOf,
  type Float64Tensor,
  float64Tensor,
  initialValues,
  type KernelFreeLayer,
  type KernelLayer,
  type KernelResiduals,
  type Layer,
  type LayerDefinition,
  type LayerParameters,
  type LayerSpec,
  layers,
  noiseShape,
  type Option,
  Random,
  referenceOps,
  rules,
  type Shape,
  sizeOf,
  type TensorOps,
} from "@bioflax/core";
import {
  drawn,
  ensure,
  ensureClose,
  ensureFinite,
  ensureOptions,
  ensureShapes,
  inner,
  numericalGradient,
  streamOf,
} from "./check";

const BATCH = 3;
type Weights = Readonly<Record<string, Float64Tensor>>;

/** Weights as the layer starts with, moved a little: zeros and ones hide mistakes. */
function weightsOf(layer: Layer, who: string): Weights {
  const random = streamOf(`${who} weights`);
  return Object.fromEntries(
    layer.weights.map(({ role, shape, initializer }) => {
      const values = initialValues(createInitializer(initializer), shape, new Random(0, role));
      const moved = Array.from(values, (x) => x + 0.2 * random.uniform());
      return [role, float64Tensor(moved, shape)];
    }),
  );
}

function noiseOf({ noise = [] }: KernelFreeLayer, who: string): Float64Tensor[] {
  const random = streamOf(`${who} noise`);
  return noise.map((own) => {
    const shape = noiseShape(own, BATCH);
    const size = shape.reduce((a, b) => a * b, 1);
    return float64Tensor(
      Array.from({ length: size }, () => own.draw(random)),
      shape,
    );
  });
}

/** Every gradient of what a layer does, beside finite differences of Σ output ⊙ δ. */
function checkGradients(
  who: string,
  weights: Weights,
  input: Float64Tensor,
  delta: Float64Tensor,
  outputOf: (weights: Weights, input: Float64Tensor) => Float64Tensor,
  received: {
    readonly input: Float64Tensor;
    readonly gradients: Readonly<Record<string, unknown>>;
  },
): void {
  ensureClose(
    who,
    "the error it hands on, by finite differences,",
    received.input,
    numericalGradient((x) => inner(outputOf(weights, x), delta), input),
  );
  for (const [role, gradient] of Object.entries(received.gradients)) {
    const weight = weights[role];
    ensure(
      weight !== undefined,
      who,
      `it has a gradient of "${role}", which is none of its weights.`,
    );
    ensureClose(
      who,
      `the gradient of its ${role}, by finite differences,`,
      gradient as Float64Tensor,
      numericalGradient((x) => inner(outputOf({ ...weights, [role]: x }, input), delta), weight),
    );
  }
}

function checkKernelFree(layer: KernelFreeLayer, who: string): void {
  const random = streamOf(who);
  const input = drawn(random, [BATCH, ...layer.inputShape]);
  const delta = drawn(random, [BATCH, ...layer.outputShape]);
  const weights = weightsOf(layer, who);
  const noise = noiseOf(layer, who);
  const given = (own: Weights) => ({ ...own, noise }) as LayerParameters<Float64Tensor>;
  const pass = (own: Weights, x: Float64Tensor, training = true) =>
    layer.forward(referenceOps, given(own), x, training);
  const residuals = pass(weights, input);
  ensureOutput(who, layer, residuals.output);
  ensureFinite(who, "its output in evaluation", pass(weights, input, false).output);
  const passed = layer.backward(referenceOps, given(weights), residuals, delta);
  checkGradients(who, weights, input, delta, (own, x) => pass(own, x).output, {
    input: passed.input,
    gradients: passed.gradients ?? {},
  });
  for (const { role, learns, shape } of layer.weights) {
    const gradient = passed.gradients?.[role];
    const update = residuals.updates?.[role];
    ensure(
      learns === (gradient !== undefined),
      who,
      learns
        ? `its ${role} learns, and has no gradient.`
        : `its ${role} has a gradient, and does not learn.`,
    );
    if (update !== undefined)
      ensure(
        update.shape.join() === shape.join(),
        who,
        `its ${role} becomes one of the shape [${update.shape}], expected [${shape}].`,
      );
  }
  const roles = Object.keys(weights);
  ensureShapes(
    who,
    "result",
    (ops, [x, d, ...own]) => {
      type T = NonNullable<typeof x>;
      const parameters = {
        ...Object.fromEntries(roles.map((role, i) => [role, own[i]])),
        noise: own.slice(roles.length),
      } as LayerParameters<T>;
      const seen = layer.forward(ops, parameters, x as T, true);
      const back = layer.backward(ops, parameters, seen, d as T);
      return [seen.output, back.input, ...Object.values(back.gradients ?? {})] as T[];
    },
    [input, delta, ...Object.values(weights), ...noise],
  );
}

/** An input of a layer, with nothing by chance where a derivative is not defined. */
const inputOf = ({ inputShape, symbols }: KernelLayer, random: Random): Float64Tensor => {
  const shape = [BATCH, ...inputShape];
  return symbols === undefined
    ? drawn(random, shape)
    : float64Tensor(
        Array.from({ length: sizeOf(shape) }, () => random.below(symbols)),
        shape,
      );
};

function checkKernelled(layer: KernelLayer, who: string): void {
  const random = streamOf(who);
  const input = inputOf(layer, random);
  const delta = drawn(random, [BATCH, ...layer.outputShape]);
  const weights = weightsOf(layer, who);
  const pass = (own: Weights, x: Float64Tensor) => layer.forward(referenceOps, own as never, x);
  const residuals = pass(weights, input);
  ensureOutput(who, layer, residuals.output);
  const { kernel } = weights as { kernel?: Float64Tensor };
  ensure(
    kernel !== undefined && kernel.shape.join() === layer.kernelShape.join(),
    who,
    `its kernel has the shape [${kernel?.shape}], and it says [${layer.kernelShape}].`,
  );
  const errorAt = <T>(ops: TensorOps<T>, own: T, seen: KernelResiduals<T>, d: T) =>
    errorsOf(ops, { layer, rule: rules.get("bp"), parameters: { kernel: own } }, seen, d).error;
  const error = errorAt(referenceOps, kernel, residuals, delta);
  const outputOf = (own: Weights, x: Float64Tensor) => pass(own, layer.symbols ? input : x).output;
  checkGradients(who, weights, input, delta, outputOf, {
    input: layer.backproject(referenceOps, kernel, error),
    gradients: layer.gradients(referenceOps, residuals, error),
  });
  if (layer.recurrence === undefined && layer.symbols === undefined)
    checkResponse(layer, who, weights, input);
  ensureShapes(
    who,
    "result",
    (ops, [x, d, ...own]) => {
      type T = NonNullable<typeof x>;
      const [k, b] = own as [T, T?];
      const parameters = { kernel: k, ...(b !== undefined && { bias: b }) };
      const seen = layer.forward(ops, parameters, x as T);
      const e = errorAt(ops, k, seen, d as T);
      return [
        seen.output,
        layer.backproject(ops, k, e),
        ...Object.values(layer.gradients(ops, seen, e)),
      ];
    },
    [input, delta, ...Object.values(weights)],
  );
}

/** How a layer answers to what its kernel is applied to, beside its forward pass. */
function checkResponse(
  layer: KernelLayer,
  who: string,
  weights: Weights,
  input: Float64Tensor,
): void {
  const { kernel } = weights as { readonly kernel: Float64Tensor };
  const pass = (own: Weights, x: Float64Tensor) => layer.forward(referenceOps, own as never, x);
  const rest = pass(
    { kernel, ...(weights.bias && { bias: referenceOps.mul(weights.bias, 0) }) },
    input,
  );
  const still = pass(
    {
      kernel: referenceOps.mul(kernel, 0),
      ...(weights.bias && { bias: referenceOps.mul(weights.bias, 0) }),
    },
    input,
  );
  ensureClose(
    who,
    "its response to an input, φ(x·W) − φ(0),",
    layer.response(referenceOps, kernel, input),
    referenceOps.sub(rest.output, still.output),
  );
}

function ensureOutput(who: string, { outputShape }: Layer, output: Float64Tensor): void {
  ensure(
    output.shape.join() === [BATCH, ...outputShape].join(),
    who,
    `its output has the shape [${output.shape}], and it says [${[BATCH, ...outputShape]}].`,
  );
  ensureFinite(who, "its output", output);
}

const isOption = (value: unknown): value is Option =>
  typeof value === "object" && value !== null && "type" in value && "doc" in value;

/**
 * What every kind of layer has to be, with each of its `examples`: outputs of the shape it says, errors and gradients
 * the derivatives of its output, a gradient for each weight that learns; options within their ranges.
 *
 * @param definition which is added to {@link layers}.
 * @throws Error saying what is wrong with it, at which weight, and how far off.
 */
// biome-ignore lint/suspicious/noExplicitAny: any layer's definition, whatever its specs are.
export function layerContract(definition: LayerDefinition<any>): void {
  layers.add(definition);
  const who = `The layer "${definition.name}"`;
  const { probe, examples, anyRank, optionNames } = definition;
  ensure(examples.length > 0, who, 'it has no "examples" to try.');
  const create = (options: object, shape: Shape = probe) =>
    createLayer({ ...options, type: definition.name } as unknown as LayerSpec, shape);
  const own = Object.fromEntries(
    Object.entries(optionNames).filter(([, option]) => isOption(option)),
  );
  ensureOptions(who, own as Readonly<Record<string, Option>>, examples[0] as object, create);
  for (const options of examples) {
    const shapes =
      anyRank && probe.length === 1 && !definition.hasKernel ? [probe, [2, ...probe]] : [probe];
    for (const shape of shapes) {
      const whose = `${who} with ${JSON.stringify(options)} for an input of [${shape}]`;
      const layer = create(options as object, shape);
      ensure(
        layer.hasKernel === definition.hasKernel,
        whose,
        `its definition says it has ${definition.hasKernel ? "a" : "no"} kernel, and it has ${layer.hasKernel ? "one" : "none"}.`,
      );
      const roles = layer.weights.map(({ role }) => role);
      ensure(
        new Set(roles).size === roles.length,
        whose,
        `several of its weights are called the same: ${roles.join(", ")}.`,
      );
      if (layer.hasKernel) checkKernelled(layer, whose);
      else checkKernelFree(layer, whose);
    }
  }
}
