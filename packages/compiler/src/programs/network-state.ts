import {
  type NoiseInfo,
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
  /** The axis of replicas, which all arrays begin with; none of a single network. */
  readonly #axis: Shape;
  /** Arrays of replicas on their way from the device, and who has not asked for a part of them yet. */
  readonly #downloads = new Map<
    string,
    { readonly values: Promise<Float32Array>; readonly left: Set<number> }
  >();
  #stepsTaken: number;

  private constructor(
    trainable: Trainable,
    memory: DeviceMemory<DeviceBuffer>,
    axis: Shape,
    stepsTaken: number,
  ) {
    this.#trainable = trainable;
    this.#memory = memory;
    this.#axis = axis;
    this.#stepsTaken = stepsTaken;
  }

  /** Brings copies of the starting values to where they stay. */
  static create<DeviceBuffer>(
    trainable: Trainable,
    memory: DeviceMemory<DeviceBuffer>,
    setup: StateSetup,
  ): Promise<NetworkState<DeviceBuffer>> {
    return NetworkState.#create([trainable], memory, [setup], []);
  }

  /** The state of several networks with the same weights, all of each array's along its first axis. */
  static ofReplicas<DeviceBuffer>(
    trainables: readonly Trainable[],
    memory: DeviceMemory<DeviceBuffer>,
    setups: readonly StateSetup[],
  ): Promise<NetworkState<DeviceBuffer>> {
    return NetworkState.#create(trainables, memory, setups, [setups.length]);
  }

  static async #create<DeviceBuffer>(
    trainables: readonly Trainable[],
    memory: DeviceMemory<DeviceBuffer>,
    setups: readonly StateSetup[],
    axis: Shape,
  ): Promise<NetworkState<DeviceBuffer>> {
    const [trainable] = trainables as readonly [Trainable];
    const { network, optimizer } = trainable;
    const state = new NetworkState(trainable, memory, axis, setups[0]?.stepsTaken ?? 0);
    for (const info of network.parameters) {
      const { name, shape } = info;
      const weights = setups.map((setup) => setup.weights[name]);
      await state.#put(name, weights, shape);
      for (const slot of slotNames(info, optimizer)) {
        const values = setups.map(({ slots }) => slots?.[slot]);
        await state.#put(slot, values, shape);
      }
    }
    for (const [i, { name }] of network.noise.entries()) {
      const tables = setups.map(({ seed, batchRows }, replica) =>
        noiseTable(trainables[replica]?.network.noise[i] as NoiseInfo, seed, batchRows),
      );
      await state.#put(name, tables, [(tables[0] as Float32Array).length]);
    }
    return state;
  }

  /** Keeps a copy of arrays one after another; zeros in place of those that are not there. */
  async #put(
    name: string,
    arrays: readonly (Float32Array | undefined)[],
    shape: Shape,
  ): Promise<void> {
    const values = new Float32Array(arrays.length * sizeOf(shape));
    arrays.forEach((array, i) => {
      if (array !== undefined) values.set(array, i * sizeOf(shape));
    });
    this.#buffers.set(name, await this.#memory.upload(floats(values, [...this.#axis, ...shape])));
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
    this.#downloads.clear();
    names.forEach((name, i) => {
      this.#memory.free(this.#buffers.get(name) as DeviceBuffer);
      this.#buffers.set(name, results[i] as DeviceBuffer);
    });
    this.#stepsTaken += steps;
  }

  /** Copies of the weights, by name. @param replica of several networks, which; the first when left out. */
  async weights(replica = 0): Promise<Weights> {
    const names = this.#trainable.network.parameters.map(({ name }) => name);
    return this.#fetch(names, replica);
  }

  /** Copies of all that training has come to. @param replica of several networks, which; the first when left out. */
  async snapshot(replica = 0): Promise<TrainingSnapshot> {
    const { network, optimizer } = this.#trainable;
    const slots = network.parameters.flatMap((info) => slotNames(info, optimizer));
    return {
      weights: await this.weights(replica),
      slots: await this.#fetch(slots, replica),
      stepsTaken: this.#stepsTaken,
    };
  }

  async #fetch(names: readonly string[], replica: number): Promise<Record<string, Float32Array>> {
    const values: Record<string, Float32Array> = {};
    for (const name of names) values[name] = await this.#download(name, replica);
    return values;
  }

  /** A copy of an array, or of a replica's part: one comes from the device for all who ask between two steps. */
  async #download(name: string, replica: number): Promise<Float32Array> {
    const download = () => this.#memory.download(this.#buffers.get(name) as DeviceBuffer);
    const [replicas] = this.#axis;
    if (replicas === undefined) return download();
    const known = this.#downloads.get(name);
    const { values, left } = known?.left.has(replica)
      ? known
      : { values: download(), left: new Set(Array(replicas).keys()) };
    left.delete(replica);
    if (left.size > 0) this.#downloads.set(name, { values, left });
    else this.#downloads.delete(name);
    const all = await values;
    const size = all.length / replicas;
    return all.slice(replica * size, (replica + 1) * size);
  }

  /** Frees what lies on a device. */
  dispose(): void {
    this.#downloads.clear();
    for (const buffer of this.#buffers.values()) this.#memory.free(buffer);
  }
}
