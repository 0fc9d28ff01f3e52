import { BioflaxError } from "../errors";
import type { Loss } from "../losses/loss";
import type { TargetForm } from "../losses/target-kinds";
import { float64Tensor, referenceOps } from "../ops/reference-ops";
import type { Shape, TensorOps } from "../ops/tensor-ops";
import type { Weights } from "./initialize";
import type { Network } from "./network";

/** Under which name a snapshot's slots have {@link DelayedErrors}. */
export const delayedErrorsName = "delayedErrors";

/** Whether a network's layers learn from the errors that their examples had when they were last trained on. */
export const needsDelayedErrors = ({ rules }: Pick<Network, "rules">): boolean =>
  rules.some((rule) => rule?.needsDelayedError);

/**
 * The errors of examples that have not been trained on, [batch, outputs]: those of outputs of zero, −t, over as many as
 * share in an example's loss, and times what each is weighted by.
 */
export function firstErrors<T>(
  ops: TensorOps<T>,
  loss: Loss,
  output: T,
  target: T,
  weights?: T,
): T {
  const [, outputs] = ops.shape(output) as [number, number];
  const factor = -1 / loss.divisor(outputs);
  const rows = loss.targetRows(ops, output, target);
  return ops.mul(rows, weights === undefined ? factor : ops.mul(weights, factor));
}

/** Examples in memory, as far as their first errors go. */
export interface ErringExamples {
  /** Targets of a kind the loss takes, row-major. */
  readonly targets: Int32Array | Float32Array;
  /** What each example's loss and error are multiplied by; 1 each when left out. */
  readonly weights?: Float32Array | undefined;
  readonly count: number;
}

/**
 * The error that the output had for each example when it was last trained on, for rules that need it: what is taken for
 * a batch is its step's `delayed`, and what the step has as `exampleErrors` is put back.
 *
 * Each error is the example's own, not over the batch, and times what it is weighted by. One that is no number is
 * forgotten.
 *
 * @example
 * const memory = new DelayedErrors(createTrainable({ spec, loss, optimizer }));
 * const delayed = memory.take(examples, "labels", rows);
 * // … a step with the batch { input, target, delayed } …
 * memory.put(rows, exampleErrors);
 */
export class DelayedErrors {
  readonly #loss: Loss;
  readonly #outputs: number;
  readonly #rowsPerExample: number;
  /** Of each example, its rows; NaN where it has not been trained on. */
  #values: Float32Array;

  /**
   * @param rowsPerExample how many of the network's inputs an example holds; 1 when left out.
   * @param values what {@link DelayedErrors.values} was before; nothing has been trained on when left out.
   * @throws BioflaxError for values that are no whole number of examples.
   */
  constructor(
    { network, loss }: { readonly network: Pick<Network, "outputs">; readonly loss: Loss },
    rowsPerExample = 1,
    values: Float32Array = new Float32Array(),
  ) {
    this.#loss = loss;
    this.#outputs = network.outputs;
    this.#rowsPerExample = rowsPerExample;
    this.#values = Float32Array.from(values);
    if (values.length % this.#size !== 0)
      throw new BioflaxError(
        `Slot "${delayedErrorsName}": expected ${this.#size} values for each example, received ${values.length} in all.`,
      );
  }

  /** Numbers of an example. */
  get #size(): number {
    return this.#rowsPerExample * this.#outputs;
  }

  /** A copy of all errors, [examples · rowsPerExample, outputs], up to the last example; NaN where there is none yet. */
  get values(): Float32Array {
    return Float32Array.from(this.#values);
  }

  /** Makes room for examples, so that {@link take} need not, batch after batch. */
  reserve(numbers: Int32Array): void {
    const length = (numbers.reduce((a, b) => Math.max(a, b), -1) + 1) * this.#size;
    if (length <= this.#values.length) return;
    const grown = new Float32Array(length).fill(Number.NaN);
    grown.set(this.#values);
    this.#values = grown;
  }

  /**
   * The errors of a batch's examples, [rows · rowsPerExample, outputs], row-major.
   *
   * @param form how the loss reads the targets.
   * @param rows which rows of the examples.
   * @param numbers which example each is, from 0, the same whenever it comes; its row when left out.
   * @throws BioflaxError for rows that the examples do not have, or numbers that are not one for each of them.
   */
  take(
    examples: ErringExamples,
    form: TargetForm,
    rows: Int32Array,
    numbers: Int32Array = rows,
  ): Float32Array {
    const size = this.#size;
    checkNumbers("rows", rows, examples.count);
    checkNumbers("example numbers", numbers);
    if (numbers.length !== rows.length)
      throw new BioflaxError(
        `Delayed errors: expected an example number for each of ${rows.length} rows, received ${numbers.length}.`,
      );
    this.reserve(numbers);
    const taken = new Float32Array(rows.length * size);
    const places: number[] = [];
    for (let i = 0; i < rows.length; i++) {
      const at = (numbers[i] as number) * size;
      const own = this.#values.subarray(at, at + size);
      if (own.some(Number.isNaN)) places.push(i);
      else taken.set(own, i * size);
    }
    if (places.length === 0) return taken;
    const first = this.#first(
      examples,
      form,
      places.map((place) => rows[place] as number),
    );
    for (const [i, place] of places.entries())
      taken.set(first.subarray(i * size, (i + 1) * size), place * size);
    return taken;
  }

  /**
   * Remembers the errors of a batch's examples.
   *
   * @param numbers which examples, as {@link take} had them.
   * @param errors as a step has them, [numbers · rowsPerExample, outputs], row-major.
   * @throws BioflaxError for errors that are not as many.
   */
  put(numbers: Int32Array, errors: Float32Array): void {
    const size = this.#size;
    checkNumbers("example numbers", numbers);
    if (errors.length !== numbers.length * size)
      throw new BioflaxError(
        `Delayed errors: expected ${size} values for each of ${numbers.length} examples, received ${errors.length} in all.`,
      );
    this.reserve(numbers);
    for (let i = 0; i < numbers.length; i++)
      this.#values.set(errors.subarray(i * size, (i + 1) * size), (numbers[i] as number) * size);
  }

  /** What examples that have not been trained on begin with. */
  #first(
    { targets, weights, count }: ErringExamples,
    form: TargetForm,
    rows: readonly number[],
  ): Float32Array {
    const ofEach = targets.length / count;
    const numbers = rows.length * this.#rowsPerExample;
    const shape: Shape = form === "labels" ? [numbers] : [numbers, this.#outputs];
    const own = rows.flatMap((row) => [...targets.subarray(row * ofEach, (row + 1) * ofEach)]);
    const output = float64Tensor(new Float64Array(numbers * this.#outputs), [
      numbers,
      this.#outputs,
    ]);
    const column =
      weights &&
      float64Tensor(
        rows.flatMap((row) => Array<number>(this.#rowsPerExample).fill(weights[row] as number)),
        [numbers, 1],
      );
    const target = float64Tensor(own, shape);
    return Float32Array.from(firstErrors(referenceOps, this.#loss, output, target, column).data);
  }
}

/** @param count how many there are of what is numbered; any number when left out. */
function checkNumbers(what: string, numbers: Int32Array, count = Number.POSITIVE_INFINITY): void {
  // A loop, as in the compiler's own check of rows: it is done for each batch.
  let at = 0;
  while (at < numbers.length && (numbers[at] as number) >= 0 && (numbers[at] as number) < count)
    at++;
  if (at === numbers.length) return;
  const range = Number.isFinite(count) ? `from 0 to ${count - 1}` : "from 0";
  throw new BioflaxError(
    `Delayed errors: expected ${what} ${range}, received ${numbers[at]} at position ${at}.`,
  );
}

/**
 * What a network that is to be trained remembers of its examples' errors; undefined where no rule of its needs them.
 *
 * @param rowsPerExample how many of the network's inputs an example holds.
 * @param slots of the snapshot that it goes on from.
 * @throws BioflaxError for errors that are no whole number of examples.
 */
export function delayedErrorsOf(
  trainable: { readonly network: Network; readonly loss: Loss },
  rowsPerExample: number,
  slots: Weights = {},
): DelayedErrors | undefined {
  return needsDelayedErrors(trainable.network)
    ? new DelayedErrors(trainable, rowsPerExample, slots[delayedErrorsName])
    : undefined;
}

/** {@link DelayedErrors} as a snapshot's slots have them; none where there are none. */
export const delayedErrorSlots = (memory: DelayedErrors | undefined): Weights =>
  memory === undefined ? {} : { [delayedErrorsName]: memory.values };

/**
 * How many steps can be taken at once: up to the first that is of an example whose error one of them has changed.
 *
 * @param numbers of the steps' examples, batch after batch.
 */
export function stepsUntilRepeated(numbers: Int32Array, batch: number): number {
  const seen = new Set<number>();
  for (let step = 0; step * batch < numbers.length; step++) {
    const own = numbers.subarray(step * batch, (step + 1) * batch);
    if (own.some((number) => seen.has(number))) return step;
    for (const number of own) seen.add(number);
  }
  return Math.ceil(numbers.length / batch);
}
