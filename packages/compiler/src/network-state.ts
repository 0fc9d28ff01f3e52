import {
  noiseTable,
  type Shape,
  sizeOf,
  slotNames,
  type Trainable,
  type TrainingSnapshot,
  type Weights,
} from "@bioflax/core";
import type { DeviceMemory } from "./device-memory";
import { hostTensor } from "./runtime";
import type { SessionTensor } from "./session";

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

/** Everything of a network that lasts from call to call: weights, the optimizer's slots and tables of noise, where they stay. */
export class NetworkState {
  readonly #trainable: Trainable;
  readonly #memory: DeviceMemory;
  readonly #tensors = new Map<string, SessionTensor>();
  #stepsTaken: number;

  private constructor(trainable: Trainable, memory: DeviceMemory, stepsTaken: number) {
    this.#trainable = trainable;
    this.#memory = memory;
    this.#stepsTaken = stepsTaken;
  }

  /** Brings copies of the starting values to where they stay. */
  static async create(
    trainable: Trainable,
    memory: DeviceMemory,
    { weights, slots, stepsTaken = 0, seed, batchRows }: StateSetup,
  ): Promise<NetworkState> {
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
    const tensor = await hostTensor("float32", values, shape);
    this.#tensors.set(name, await this.#memory.upload(tensor));
  }

  /** How many steps it has been through. */
  get stepsTaken(): number {
    return this.#stepsTaken;
  }

  /** All of it, by the names programs give their inputs. */
  feeds(): Record<string, SessionTensor> {
    return Object.fromEntries(this.#tensors);
  }

  /** Takes over what a call of some steps has carried on, in the order of the names. */
  advance(names: readonly string[], results: readonly SessionTensor[], steps: number): void {
    names.forEach((name, i) => {
      this.#tensors.get(name)?.dispose();
      this.#tensors.set(name, results[i] as SessionTensor);
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
    for (const name of names) {
      const tensor = await this.#memory.download(this.#tensors.get(name) as SessionTensor);
      values[name] = Float32Array.from(tensor.data as Float32Array);
    }
    return values;
  }

  /** Frees what lies on a device. */
  dispose(): void {
    for (const tensor of this.#tensors.values()) tensor.dispose();
  }
}
