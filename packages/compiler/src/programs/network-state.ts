import {
  noiseTable,
  type Shape,
  sizeOf,
  slotNames,
  type Trainable,
  type TrainingSnapshot,
  type Weights,
} from "@bioflax/core";
import type { DeviceMemory } from "../runtime/device-memory";
import { floats } from "../runtime/host-array";

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
 * Everything of a network that lasts from call to call: weights, the optimizer's slots and tables of noise, where they
 * stay.
 *
 * @typeParam DeviceBuffer what the device has of an array: a tensor of a session, or a buffer of a client.
 */
export class NetworkState<DeviceBuffer> {
  readonly #trainable: Trainable;
  readonly #memory: DeviceMemory<DeviceBuffer>;
  readonly #buffers = new Map<string, DeviceBuffer>();
  #stepsTaken: number;

  private constructor(
    trainable: Trainable,
    memory: DeviceMemory<DeviceBuffer>,
    stepsTaken: number,
  ) {
    this.#trainable = trainable;
    this.#memory = memory;
    this.#stepsTaken = stepsTaken;
  }

  /** Brings copies of the starting values to where they stay. */
  static async create<DeviceBuffer>(
    trainable: Trainable,
    memory: DeviceMemory<DeviceBuffer>,
    { weights, slots, stepsTaken = 0, seed, batchRows }: StateSetup,
  ): Promise<NetworkState<DeviceBuffer>> {
    const { network, optimizer } = trainable;
    const state = new NetworkState(trainable, memory, stepsTaken);
    for (const info of network.parameters) {
      const { name, shape } = info;
      await state.#put(name, Float32Array.from(weights[name] as Float32Array), shape);
      for (const slot of slotNames(info, optimizer)) {
        const values = Float32Array.from(slots?.[slot] ?? new Float32Array(sizeOf(shape)));
        await state.#put(slot, values, shape);
      }
    }
    for (const info of network.noise) {
      const table = noiseTable(info, seed, batchRows);
      await state.#put(info.name, table, [table.length]);
    }
    return state;
  }

  async #put(name: string, values: Float32Array, shape: Shape): Promise<void> {
    this.#buffers.set(name, await this.#memory.upload(floats(values, shape)));
  }

  /** How many steps it has been through. */
  get stepsTaken(): number {
    return this.#stepsTaken;
  }

  /** All of it, by the names programs give their inputs. */
  feeds(): Record<string, DeviceBuffer> {
    return Object.fromEntries(this.#buffers);
  }

  /** Takes over what a call of some steps has carried on, in the order of the names. */
  advance(names: readonly string[], results: readonly DeviceBuffer[], steps: number): void {
    names.forEach((name, i) => {
      this.#memory.free(this.#buffers.get(name) as DeviceBuffer);
      this.#buffers.set(name, results[i] as DeviceBuffer);
    });
    this.#stepsTaken += steps;
  }

  /** Copies of the weights, by name. */
  async weights(): Promise<Weights> {
    return this.#fetch(this.#trainable.network.parameters.map(({ name }) => name));
  }

  /** Copies of all that training has come to. */
  async snapshot(): Promise<TrainingSnapshot> {
    const { network, optimizer } = this.#trainable;
    const slots = network.parameters.flatMap((info) => slotNames(info, optimizer));
    return {
      weights: await this.weights(),
      slots: await this.#fetch(slots),
      stepsTaken: this.#stepsTaken,
    };
  }

  async #fetch(names: readonly string[]): Promise<Record<string, Float32Array>> {
    const values: Record<string, Float32Array> = {};
    for (const name of names)
      values[name] = await this.#memory.download(this.#buffers.get(name) as DeviceBuffer);
    return values;
  }

  /** Frees what lies on a device. */
  dispose(): void {
    for (const buffer of this.#buffers.values()) this.#memory.free(buffer);
  }
}
