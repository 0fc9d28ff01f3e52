import { BioflaxError } from "../errors";
import { byLastAxis, rowsOf } from "../ops/last-axis";
import { showShape } from "../ops/shapes";
import type { Shape, TensorOps } from "../ops/tensor-ops";
import { clipped } from "./clipped";
import type { LinearMap } from "./kernel-layer";
import type { KernelLayer, KernelParameters, Recurrence, Residuals } from "./layer";

/** What a step of a recurrent layer computes, for its own backward half. */
interface Step<T> {
  /** The state after it, [batch, units]. */
  readonly state: T;
  /** What the kernel was applied to, use after use, [batch, in + units] each; a step's input goes into the first alone. */
  readonly uses: readonly T[];
  /** What else its backward half reads; as many tensors in every step. */
  readonly kept: readonly T[];
}

/** The maths of one step. */
export interface StepMaths {
  /** How many times a step applies the kernel. */
  readonly uses: number;
  /**
   * @param input the step's input, [batch, in].
   * @param state the state before it; undefined before the first step, where it is 0.
   */
  forward<T>(
    ops: TensorOps<T>,
    parameters: KernelParameters<T>,
    input: T,
    state: T | undefined,
  ): Step<T>;
  /**
   * @param delta the error at the state after the step.
   * @param state the state before it; undefined where it is 0.
   * @param before the error at the state before that comes of a use's; undefined where none goes there.
   * @returns the error at each use's pre-activation, and what of it arrives at the state before; undefined where nothing
   *   does.
   */
  backward<T>(
    ops: TensorOps<T>,
    step: Step<T>,
    delta: T,
    state: T | undefined,
    before: ((error: T) => T) | undefined,
  ): { readonly errors: readonly T[]; readonly state: T | undefined };
}

/** What of the kernel's rows and columns a recurrent layer is made of. */
export interface RecurrentShape {
  /** Shape of one example, [steps, in]. */
  readonly inputShape: Shape;
  readonly units: number;
  /** Whether all states are put out, or the last alone. */
  readonly returnSequences: boolean;
}

/** @throws BioflaxError for an input that is no sequence. */
export function expectSequence(layer: string, inputShape: Shape): readonly [number, number] {
  if (inputShape.length !== 2)
    throw new BioflaxError(
      `${layer}: expected an input of shape [steps, in], received ${showShape(inputShape)}; reshape it first.`,
    );
  return inputShape as readonly [number, number];
}

/** The linear map of a step as rules see it, [in + units] → [columns], at any number of places. */
export const stepMap = (inputs: number, units: number, columns: number): LinearMap => ({
  inputShape: [inputs + units],
  outputShape: [columns],
  kernelShape: [inputs + units, columns],
  apply: (ops, input, kernel) => byLastAxis(ops, input, kernel),
  kernelGradient: (ops, input, error) =>
    ops.matMul(rowsOf(ops, input), rowsOf(ops, error), { transposeA: true }),
  backproject: (ops, transport, error) => byLastAxis(ops, error, transport, { transposeB: true }),
});

/** A step's input beside the state before it, [batch, in + units]; before the first step that is 0. */
export const beside = <T>(ops: TensorOps<T>, input: T, state: T | undefined, units: number): T =>
  state === undefined
    ? ops.pad(input, [
        [0, 0],
        [0, units],
      ])
    : ops.concat([input, state], 1);

/** Tensors [batch, n], one for each place, as [batch, places, n]. */
function inPlaces<T>(ops: TensorOps<T>, tensors: readonly T[]): T {
  const [batch, n] = ops.shape(tensors[0] as T) as [number, number];
  return ops.reshape(ops.concat(tensors, 1), [batch, tensors.length, n]);
}

/** What is at one place, [batch, n], of [batch, places, n]. */
function atPlace<T>(ops: TensorOps<T>, x: T, place: number): T {
  const [batch, , n] = ops.shape(x) as [number, number, number];
  return ops.reshape(ops.slice(x, [0, place, 0], [batch, 1, n]), [batch, n]);
}

/** Rows of a matrix. */
const rowsFrom = <T>(ops: TensorOps<T>, matrix: T, from: number, count: number): T =>
  ops.slice(matrix, [from, 0], [count, ops.shape(matrix)[1] as number]);

/**
 * A layer that goes through a sequence step by step, unrolled: its kernel is applied to each step's input beside the
 * state before, and all steps' errors teach it together.
 *
 * @param dense one step as rules see it: a dense layer of the layer's kernel and bias, [in + units] → [pre-activations].
 * @param maths what a step makes of that.
 */
export function recurrentLayer(
  { inputShape, units, returnSequences }: RecurrentShape,
  dense: KernelLayer,
  maths: StepMaths,
): KernelLayer {
  const [steps, inputs] = inputShape as readonly [number, number];
  const statesShape = [steps, units];
  const order = [...Array(steps).keys()];

  /** What the forward pass has kept, step by step. */
  const stepsOf = <T>({ kept = [] }: Pick<Residuals<T>, "kept">): Step<T>[] =>
    order.map((step) => {
      const size = kept.length / steps;
      const [state, ...others] = kept.slice(step * size, (step + 1) * size) as [T, ...T[]];
      return { state, uses: others.slice(0, maths.uses), kept: others.slice(maths.uses) };
    });

  /** Tensors of all uses, the first use of every step first. */
  const byUse = <T>(ops: TensorOps<T>, ofSteps: readonly (readonly T[])[]): T =>
    inPlaces(
      ops,
      Array.from({ length: maths.uses }, (_, use) => ofSteps.map((own) => own[use] as T)).flat(),
    );

  /** Of errors at all uses, those at each step's first, in which its input and the bias go in. */
  const ofInputs = <T>(ops: TensorOps<T>, error: T): T => {
    const [batch, , columns] = ops.shape(error) as [number, number, number];
    return maths.uses === 1 ? error : ops.slice(error, [0, 0, 0], [batch, steps, columns]);
  };

  const recurrence: Recurrence = {
    statesShape,
    inputRows: inputs,
    states: (ops, residuals) =>
      inPlaces(
        ops,
        stepsOf(residuals).map(({ state }) => state),
      ),
    kernelInput: (ops, residuals) =>
      byUse(
        ops,
        stepsOf(residuals).map(({ uses }) => uses),
      ),
    errors<T>(
      ops: TensorOps<T>,
      residuals: Pick<Residuals<T>, "kept">,
      delta: T,
      before?: (error: T) => T,
    ): { error: T; signal: T } {
      const seen = stepsOf(residuals);
      const isEverywhere = ops.shape(delta).length === 3;
      const errors: (readonly T[])[] = [];
      const signals: T[] = [];
      let carried: T | undefined;
      for (const step of order.toReversed()) {
        const own = seen[step] as Step<T>;
        const arriving = isEverywhere
          ? atPlace(ops, delta, step)
          : step === steps - 1
            ? delta
            : ops.mul(own.state, 0);
        const signal = carried === undefined ? arriving : ops.add(arriving, carried);
        const back = maths.backward(ops, own, signal, seen[step - 1]?.state, before);
        signals[step] = signal;
        errors[step] = back.errors;
        carried = back.state;
      }
      return { error: byUse(ops, errors), signal: inPlaces(ops, signals) };
    },
    backproject: (ops, transport, error) =>
      byLastAxis(ops, error, rowsFrom(ops, transport, inputs, units), { transposeB: true }),
  };

  return {
    ...dense,
    inputShape,
    outputShape: returnSequences ? statesShape : [units],
    recurrence,
    forward(ops, parameters, input) {
      const seen: Step<typeof input>[] = [];
      for (const step of order)
        seen.push(maths.forward(ops, parameters, atPlace(ops, input, step), seen.at(-1)?.state));
      const states = seen.map(({ state }) => state);
      const last = states.at(-1) as typeof input;
      return {
        input,
        preactivation: last,
        output: returnSequences ? inPlaces(ops, states) : last,
        kept: seen.flatMap(({ state, uses, kept }) => [state, ...uses, ...kept]),
      };
    },
    response: (ops, kernel, input) => dense.response(ops, kernel, input),
    preActivationGradient: (ops, residuals, delta) =>
      recurrence.errors(ops, residuals, delta).error,
    gradients(ops, residuals, error) {
      const kernel = dense.kernelGradient(ops, recurrence.kernelInput(ops, residuals), error);
      const gradients =
        dense.biasShape === undefined
          ? { kernel }
          : { kernel, bias: ops.sum(ofInputs(ops, error), [0, 1]) };
      const { clipNorm } = dense.spec;
      return clipNorm === undefined ? gradients : clipped(ops, gradients, clipNorm);
    },
    backproject: (ops, transport, error) =>
      byLastAxis(ops, ofInputs(ops, error), rowsFrom(ops, transport, 0, inputs), {
        transposeB: true,
      }),
    refuses: (rule) =>
      rule.route.source === "input"
        ? "it has a second pass of the data in place of a backward pass, and how a state's steps would learn from that nobody has said"
        : undefined,
  };
}
