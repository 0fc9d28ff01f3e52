import {
  createOptimizer,
  type Float64Tensor,
  type FusedStep,
  float64Tensor,
  type GivenOptimizer,
  type Operand,
  type OptimizerDefinition,
  optimizers,
  referenceOps,
} from "@bioflax/core";
import {
  drawn,
  ensure,
  ensureClose,
  ensureFinite,
  ensureOptions,
  ensureOptionsMatter,
  ensureShapes,
  streamOf,
} from "./check";
import { examplesOf } from "./examples";

/**
 * One element's step, written out for the contract to compare with.
 *
 * @param weight W, before the step.
 * @param gradient g.
 * @param memory what was returned before; of the first step, no numbers.
 * @param at the step, from 1, and η and λ.
 * @returns W after it, and what is remembered.
 */
export type PlainOptimizer = (
  weight: number,
  gradient: number,
  memory: readonly number[],
  at: { readonly step: number; readonly rate: number; readonly weightDecay: number },
) => { readonly weight: number; readonly memory: readonly number[] };

const SHAPE = [2, 3];
const STEPS = 4;
const RATE = 0.01;
const scalar = (x: number) => float64Tensor([x], []);
const zeros = () => float64Tensor(new Float64Array(6), SHAPE);

interface Trained {
  readonly weights: readonly Float64Tensor[];
}

/** Some steps on drawn gradients, each looked at. */
function train(
  who: string,
  optimizer: ReturnType<typeof createOptimizer>,
  gradients: readonly Float64Tensor[],
  start: Float64Tensor,
  { rate, weightDecay }: { rate: Operand<Float64Tensor>; weightDecay: Operand<Float64Tensor> },
): Trained {
  let parameter = start;
  let slots: readonly Float64Tensor[] = optimizer.slots.map(zeros);
  const weights = gradients.map((gradient, t) => {
    const inputs = { parameter, gradient, slots, step: scalar(t + 1), rate, weightDecay };
    const after = optimizer.update(referenceOps, inputs);
    ensure(
      after.slots.length === optimizer.slots.length,
      who,
      `step ${t + 1} returns ${after.slots.length} slots, expected ${optimizer.slots.length}: ${optimizer.slots.join(", ") || "none"}.`,
    );
    for (const [name, x] of [
      ["weight", after.parameter] as const,
      ...after.slots.map((slot, i) => [`slot "${optimizer.slots[i]}"`, slot] as const),
    ]) {
      ensure(
        x.shape.join() === SHAPE.join(),
        who,
        `the ${name} after step ${t + 1} has the shape [${x.shape}], expected [${SHAPE}].`,
      );
      ensureFinite(who, `the ${name} after step ${t + 1}`, x);
    }
    ({ parameter, slots } = after);
    return parameter;
  });
  return { weights };
}

/** The fused step of that name, written out: what a library would do in its place. */
function plainFused(fused: FusedStep): PlainOptimizer {
  switch (fused.kind) {
    case "gradientDescent":
      return (w, g, _memory, { rate }) => ({ weight: w - rate * g, memory: [] });
    case "momentum":
      return (w, g, [m = 0], { rate }) => {
        const moved = fused.momentum * m + g;
        const direction = fused.nesterov ? g + fused.momentum * moved : moved;
        return { weight: w - rate * direction, memory: [moved] };
      };
    case "adam":
      return (w, g, [m = 0, v = 0], { step, rate }) => {
        const { beta1, beta2, epsilon } = fused;
        const [mean, square] = [beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g];
        const root = Math.sqrt(square / (1 - beta2 ** step)) + epsilon;
        return { weight: w - (rate * mean) / (1 - beta1 ** step) / root, memory: [mean, square] };
      };
  }
}

function ensurePlain(
  who: string,
  what: string,
  plain: PlainOptimizer,
  { weights }: Trained,
  gradients: readonly Float64Tensor[],
  start: Float64Tensor,
  weightDecay: number,
): void {
  let values = [...start.data];
  let memories: readonly (readonly number[])[] = values.map(() => []);
  gradients.forEach(({ data }, t) => {
    const at = { step: t + 1, rate: RATE, weightDecay };
    const steps = values.map((w, i) => plain(w, data[i] as number, memories[i] ?? [], at));
    values = steps.map(({ weight }) => weight);
    memories = steps.map(({ memory }) => memory);
    ensureClose(
      who,
      `the weight after step ${t + 1}, beside ${what},`,
      weights[t] as Float64Tensor,
      float64Tensor(values, SHAPE),
      1e-9,
    );
  });
}

/**
 * What every optimizer has to be, with each of its `examples`: slots and weights of the parameter's shape at each step,
 * finite; a weight without a gradient stays, but for its decay, which is in proportion; steps go down; the same with a
 * learning rate that is a tensor; options within their ranges, and none that changes nothing; a `fused` step the same
 * as its update.
 *
 * @param definition which is added to {@link optimizers}.
 * @param options `plain`: one element's step written out, for options; without it the formula itself is not checked.
 * @throws Error saying what is wrong with it, at which step, and how far off.
 */
export function optimizerContract<D extends OptimizerDefinition>(
  definition: D,
  {
    plain,
  }: { readonly plain?: (options: Readonly<Record<string, unknown>>) => PlainOptimizer } = {},
): void {
  optimizers.add(definition);
  const who = `The optimizer "${definition.name}"`;
  const random = streamOf(who);
  const start = drawn(random, SHAPE);
  const gradients = Array.from({ length: STEPS }, () => drawn(random, SHAPE));
  const create = (options: object) =>
    createOptimizer({ learningRate: RATE, ...options, name: definition } as GivenOptimizer);
  const bases = examplesOf(who, definition);
  ensureOptions(who, definition.options, bases[0] as object, create);
  const trained = (options: object, weightDecay = 0) =>
    train(who, create(options), gradients, start, { rate: RATE, weightDecay });
  ensureOptionsMatter(who, definition.options, bases, (options) =>
    JSON.stringify(trained(options).weights.map(({ data }) => [...data])),
  );
  for (const options of bases) {
    const whose =
      Object.keys(options).length === 0 ? who : `${who} with ${JSON.stringify(options)}`;
    const optimizer = create(options);
    const still = train(whose, optimizer, gradients.map(zeros), start, {
      rate: RATE,
      weightDecay: 0,
    });
    ensureClose(
      whose,
      "a weight without a gradient or decay",
      still.weights.at(-1) as Float64Tensor,
      start,
      1e-9,
    );
    const [decayed] = train(whose, optimizer, [zeros()], start, {
      rate: RATE,
      weightDecay: 0.1,
    }).weights;
    const kept = (decayed as Float64Tensor).data.map((w, i) => w / (start.data[i] as number));
    ensure(
      (kept[0] as number) < 1 && (kept[0] as number) > 0,
      whose,
      `a weight decay of 0.1 leaves ${kept[0]} of a weight, expected a part of it.`,
    );
    ensureClose(
      whose,
      "the part of each weight that decay leaves",
      float64Tensor(kept, SHAPE),
      float64Tensor(
        kept.map(() => kept[0] as number),
        SHAPE,
      ),
      1e-9,
    );
    const numbers = trained(options, 0.1);
    const tensors = train(whose, optimizer, gradients, start, {
      rate: scalar(RATE),
      weightDecay: scalar(0.1),
    });
    ensureClose(
      whose,
      "the weight after steps whose rate is a tensor",
      tensors.weights.at(-1) as Float64Tensor,
      numbers.weights.at(-1) as Float64Tensor,
      1e-9,
    );
    const uphill = Array.from({ length: 30 }, () =>
      float64Tensor(
        start.data.map(() => 1),
        SHAPE,
      ),
    );
    const down = train(whose, optimizer, uphill, start, { rate: RATE, weightDecay: 0 });
    (down.weights.at(-1) as Float64Tensor).data.forEach((w, i) => {
      ensure(
        w < (start.data[i] as number),
        whose,
        `30 steps along a gradient of 1 take a weight from ${start.data[i]} to ${w}, expected down.`,
      );
    });
    ensureShapes(
      whose,
      "result",
      (ops, [parameter, gradient, step, rate, ...slots]) => {
        type T = NonNullable<typeof parameter>;
        const after = optimizer.update(ops, {
          parameter: parameter as T,
          gradient: gradient as T,
          slots: slots as T[],
          step: step as T,
          rate: rate as T,
          weightDecay: 0.1,
        });
        return [after.parameter, ...after.slots];
      },
      [
        start,
        gradients[0] as Float64Tensor,
        scalar(1),
        scalar(RATE),
        ...optimizer.slots.map(zeros),
      ],
    );
    if (optimizer.fused !== undefined)
      ensurePlain(
        whose,
        `its fused step, ${optimizer.fused.kind}`,
        plainFused(optimizer.fused),
        trained(options),
        gradients,
        start,
        0,
      );
    if (plain !== undefined) {
      const values = Object.fromEntries(
        Object.entries(definition.options).map(([name, option]) => [
          name,
          (options as Record<string, unknown>)[name] ?? option.default,
        ]),
      );
      for (const weightDecay of [0, 0.1])
        ensurePlain(
          whose,
          "the plain step",
          plain(values),
          trained(options, weightDecay),
          gradients,
          start,
          weightDecay,
        );
    }
  }
}
