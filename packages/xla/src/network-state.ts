import {
  noiseTable,
  sizeOf,
  slotNames,
  type Trainable,
  type TrainingSnapshot,
  type Weights,
} from "@bioflax/core";
import type { PjrtBuffer } from "@bioflax/pjrt";
import { download, type Place, upload } from "./device-arrays";

/** What a network's state starts from. */
export interface StateSetup {
  readonly weights: Weights;
  /** Zeros when left out. */
  readonly slots?: Weights | undefined;
  readonly stepsTaken?: number | undefined;
  readonly seed: number;
  /** Rows of the largest batch, examples of several rows flattened: noise is drawn for so many. */
  readonly batchRows: number;
}

/**
 * Everything of a network that lasts from call to call: weights, the optimizer's slots and tables of noise, on the
 * device.
 */
export class NetworkState {
  readonly #buffers = new Map<string, PjrtBuffer>();
  #stepsTaken: number;

  private constructor(
    private readonly trainable: Trainable,
    stepsTaken: number,
  ) {
    this.#stepsTaken = stepsTaken;
  }

  /** Copies the starting values to the device. */
  static async create(
    trainable: Trainable,
    place: Place,
    { weights, slots, stepsTaken = 0, seed, batchRows }: StateSetup,
  ): Promise<NetworkState> {
    const { network, optimizer } = trainable;
    const state = new NetworkState(trainable, stepsTaken);
    const put = async (name: string, values: Float32Array, shape: readonly number[]) =>
      state.#buffers.set(name, await upload(place, values, shape));
    for (const info of network.parameters) {
      const { name, shape } = info;
      await put(name, weights[name] as Float32Array, shape);
      for (const slot of slotNames(info, optimizer))
        await put(slot, slots?.[slot] ?? new Float32Array(sizeOf(shape)), shape);
    }
    for (const info of network.noise) {
      const table = noiseTable(info, seed, batchRows);
      await put(info.name, table, [table.length]);
    }
    return state;
  }

  /** How many steps it has been through. */
  get stepsTaken(): number {
    return this.#stepsTaken;
  }

  /** All of it, by the names programs give their arguments. */
  get buffers(): ReadonlyMap<string, PjrtBuffer> {
    return this.#buffers;
  }

  /** Takes over what a call of some steps has carried on, in the order of the names. */
  advance(names: readonly string[], results: readonly PjrtBuffer[], steps: number): void {
    names.forEach((name, i) => {
      this.#buffers.get(name)?.destroy();
      this.#buffers.set(name, results[i] as PjrtBuffer);
    });
    this.#stepsTaken += steps;
  }

  /** Copies of the weights, by name. */
  weights(): Promise<Weights> {
    return this.#fetch(this.trainable.network.parameters.map(({ name }) => name));
  }

  /** Copies of all that training has come to. */
  async snapshot(): Promise<TrainingSnapshot> {
    const { network, optimizer } = this.trainable;
    const slots = network.parameters.flatMap((info) => slotNames(info, optimizer));
    return {
      weights: await this.weights(),
      slots: await this.#fetch(slots),
      stepsTaken: this.#stepsTaken,
    };
  }

  async #fetch(names: readonly string[]): Promise<Record<string, Float32Array>> {
    const values: Record<string, Float32Array> = {};
    for (const name of names) values[name] = await download(this.#buffers.get(name) as PjrtBuffer);
    return values;
  }

  /** Frees what lies on the device. */
  destroy(): void {
    for (const buffer of this.#buffers.values()) buffer.destroy();
  }
}
