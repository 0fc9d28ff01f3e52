import {
  type NamedNoise,
  noiseOffset,
  noiseShape,
  noiseTable,
  noiseTableSize,
  sizeOf,
} from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";

/**
 * The random numbers that a layer, or its rule, needs anew at every step, the same as in every engine: read from core's
 * tables, which lie on the device from the first step that needs them until {@link dispose}.
 */
export class LayerNoise {
  readonly #noise: readonly NamedNoise[];
  readonly #seed: number;
  #step: number;
  #tables: tf.Tensor1D[] = [];

  /**
   * @param noise what is needed at a step; nothing for most layers.
   * @param step how many steps have been taken before.
   */
  constructor(noise: readonly NamedNoise[], seed: number, step: number) {
    this.#noise = noise;
    this.#seed = seed;
    this.#step = step;
  }

  /** Whether there is anything random about a step. */
  get isNeeded(): boolean {
    return this.#noise.length > 0;
  }

  /** How many steps have been taken, and so the number of the step that comes next, from 0. */
  get step(): number {
    return this.#step;
  }

  /** Goes on as if so many steps had been taken. */
  moveTo(step: number): void {
    this.#step = step;
  }

  /**
   * Takes a step.
   *
   * @param batch how many examples it has.
   * @returns its number.
   */
  advance(batch: number): number {
    // Here rather than when they are first read, which may be inside a kernel, where nothing may outlive it.
    this.#load(batch);
    return this.#step++;
  }

  /** The random numbers of a step of so many examples, in the order in which they are named: new tensors. */
  at(step: number, batch: number): tf.Tensor[] {
    this.#load(batch);
    return this.#noise.map((noise, i) => {
      const shape = noiseShape(noise, batch);
      const start = noiseOffset(noise, this.#seed, step);
      return tf.reshape(tf.slice(this.#tables[i] as tf.Tensor1D, start, sizeOf(shape)), [...shape]);
    });
  }

  /** Tables for batches of that many examples, drawn again where those that there are were for smaller ones. */
  #load(batch: number): void {
    this.#noise.forEach((noise, i) => {
      const table = this.#tables[i];
      if (table !== undefined && table.size >= noiseTableSize(noise, batch)) return;
      // A larger table begins as the smaller one.
      this.#tables[i] = tf.keep(tf.tensor1d(noiseTable(noise, this.#seed, batch)));
      table?.dispose();
    });
  }

  /** Frees the tables; they are drawn again when they are needed again. */
  dispose(): void {
    tf.dispose(this.#tables);
    this.#tables = [];
  }
}
