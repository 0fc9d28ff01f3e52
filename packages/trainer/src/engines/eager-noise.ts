import { type Network, noiseOffset, noiseTable, sizeOf } from "@bioflax/core";
import type * as tf from "@tensorflow/tfjs";

/** The noise of each step on the device, for what looks at a step before the model takes it. */
export class EagerNoise {
  readonly #network: Network;
  readonly #seed: number;
  readonly #tables: readonly tf.Tensor1D[];

  /** @param seed the one the model was made with, whose layers read the same tables. */
  constructor(tfjs: typeof tf, network: Network, seed: number) {
    this.#network = network;
    this.#seed = seed;
    this.#tables = network.noise.map((info) => tfjs.tensor1d(noiseTable(info, seed)));
  }

  /**
   * The noise of a step, in the order of {@link Network.noise}; to be disposed.
   *
   * @param step how many steps have been taken before.
   */
  at(step: number): tf.Tensor[] {
    return this.#network.noise.map((info, i) =>
      (this.#tables[i] as tf.Tensor1D)
        .slice(noiseOffset(info, this.#seed, step), sizeOf(info.shape))
        .reshape([...info.shape]),
    );
  }

  /** Frees the tables. */
  dispose(): void {
    for (const table of this.#tables) table.dispose();
  }
}
