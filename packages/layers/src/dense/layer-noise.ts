import { type NamedNoise, noiseOffset, noiseTable, sizeOf } from "@bioflax/core";
import * as tf from "@tensorflow/tfjs";

/**
 * The random numbers that a layer's rule needs anew at every step, the same as in every engine: read from core's
 * tables, which lie on the device from the first step that needs them until {@link dispose}.
 */
export class LayerNoise {
  readonly #noise: readonly NamedNoise[];
  readonly #seed: number;
  #step: number;
  #tables: tf.Tensor1D[] | undefined;

  /**
   * @param noise what is needed at a step; nothing for most rules.
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

  /** Takes a step. @returns its number. */
  advance(): number {
    // Here rather than when they are first read, which may be inside a kernel, where nothing may outlive it.
    this.#load();
    return this.#step++;
  }

  /** The random numbers of a step, in the order in which the rule names them: new tensors. */
  at(step: number): tf.Tensor[] {
    const tables = this.#load();
    return this.#noise.map((noise, i) => {
      const table = tables[i] as tf.Tensor1D;
      const values = tf.slice(table, noiseOffset(noise, this.#seed, step), sizeOf(noise.shape));
      return tf.reshape(values, [...noise.shape]);
    });
  }

  #load(): readonly tf.Tensor1D[] {
    this.#tables ??= this.#noise.map((noise) =>
      tf.keep(tf.tensor1d(noiseTable(noise, this.#seed))),
    );
    return this.#tables;
  }

  /** Frees the tables; they are drawn again when they are needed again. */
  dispose(): void {
    tf.dispose(this.#tables ?? []);
    this.#tables = undefined;
  }
}
