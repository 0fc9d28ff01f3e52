import type { DelayedErrors, ErringExamples, TargetForm } from "@bioflax/core";
import type * as tf from "@tensorflow/tfjs";

/** Errors of a step on their way from the device, and of which examples. */
interface Pending {
  readonly errors: tf.Tensor;
  readonly numbers: readonly Int32Array[];
}

/**
 * What networks that are trained call by call remember of their examples' errors. A step's are fetched some steps later,
 * with its loss, or when one of its examples comes again.
 */
export class EagerErrors {
  readonly #memories: readonly DelayedErrors[];
  /** Of each network, the examples whose errors are on their way. */
  readonly #awaited: readonly Set<number>[];
  #pending: Pending[] = [];

  /** @param memories one for each network. */
  constructor(memories: readonly DelayedErrors[]) {
    this.#memories = memories;
    this.#awaited = memories.map(() => new Set());
  }

  /** Whether any rule needs them. */
  get areNeeded(): boolean {
    return this.#memories.length > 0;
  }

  /** Makes room for the examples of an epoch. */
  reserve(numbers: readonly Int32Array[]): void {
    for (const [i, memory] of this.#memories.entries()) memory.reserve(numbers[i] as Int32Array);
  }

  /**
   * The errors of a batch of each network, one's after another's.
   *
   * @param rows of each, of the examples.
   * @param numbers which examples they are, of each.
   */
  async take(
    examples: ErringExamples,
    form: TargetForm,
    rows: readonly Int32Array[],
    numbers: readonly Int32Array[],
  ): Promise<Float32Array> {
    const isAwaited = numbers.some((own, i) => own.some((number) => this.#awaited[i]?.has(number)));
    if (isAwaited) await this.fetch();
    const taken = this.#memories.map((memory, i) =>
      memory.take(examples, form, rows[i] as Int32Array, numbers[i]),
    );
    const size = taken.reduce((sum, { length }) => sum + length, 0);
    const all = new Float32Array(size);
    for (const [i, own] of taken.entries()) all.set(own, (i * size) / taken.length);
    return all;
  }

  /** Keeps a step's errors, one network's after another's, until they are fetched. */
  keep(errors: tf.Tensor, numbers: readonly Int32Array[]): void {
    this.#pending.push({ errors, numbers });
    for (const [i, awaited] of this.#awaited.entries())
      for (const number of numbers[i] as Int32Array) awaited.add(number);
  }

  /** Remembers what has been kept, and frees it. */
  async fetch(): Promise<void> {
    const pending = this.#pending;
    this.#pending = [];
    for (const awaited of this.#awaited) awaited.clear();
    const values = await Promise.all(pending.map(({ errors }) => errors.data<"float32">()));
    for (const [step, { errors, numbers }] of pending.entries()) {
      errors.dispose();
      const all = values[step] as Float32Array;
      const size = all.length / numbers.length;
      for (const [i, memory] of this.#memories.entries())
        memory.put(numbers[i] as Int32Array, all.subarray(i * size, (i + 1) * size));
    }
  }

  /** The memory of one network, as its snapshot has it. */
  of(network: number): DelayedErrors | undefined {
    return this.#memories[network];
  }
}
