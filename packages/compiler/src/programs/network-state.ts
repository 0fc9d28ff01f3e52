import {
  differenceName,
  type NoiseInfo,
  noiseTable,
  type ParameterInfo,
  remainingName,
  type Shape,
  sizeOf,
  slotNames,
  type Trainable,
  type TrainingSnapshot,
  type Weights,
} from "@bioflax/core";
import type { DeviceMemory } from "../runtime/device-memory";
import { floats } from "../runtime/host-array";
import { differencesOf, feedbackFrom, infosOf } from "./feedback-differences";
import { type FollowingFeedback, remainingAt } from "./following-feedback";

/** What a network's state starts from. */
export interface StateSetup {
  readonly weights: Weights;
  /** Zeros when left out. */
  readonly slots?: Weights | undefined;
  readonly stepsTaken?: number | undefined;
  readonly seed: number;
  /** Rows of the largest batch, examples of several rows flattened: noise is drawn for so many. */
  readonly batchRows: number;
  /** Feedback weights that are kept as what they are away from their kernels; none when left out. */
  readonly following?: FollowingFeedback | undefined;
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
  readonly #following: FollowingFeedback | undefined;
  /** Arrays of replicas on their way from the device, and who has not asked for a part of them yet. */
  readonly #downloads = new Map<
    string,
    { readonly values: Promise<Float32Array>; readonly left: Set<number> }
  >();
  #stepsTaken: number;
  /** How much is left of what following feedback weights were away from their kernels. */
  #remaining = 1;
  /** Following feedback weights as they were given, until there has been a step. */
  #given: Weights = {};

  private constructor(
    trainable: Trainable,
    memory: DeviceMemory<DeviceBuffer>,
    axis: Shape,
    { stepsTaken = 0, following }: Pick<StateSetup, "stepsTaken" | "following">,
  ) {
    this.#trainable = trainable;
    this.#memory = memory;
    this.#axis = axis;
    this.#stepsTaken = stepsTaken;
    this.#following = following;
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
    const [first] = setups as readonly [StateSetup];
    const state = new NetworkState(trainable, memory, axis, first);
    await state.#putDifferences(first);
    for (const info of network.parameters) {
      const { name, shape } = info;
      if (state.#kernelOf(info) !== undefined) continue;
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

  /** Keeps what following feedback weights are away from their kernels. */
  async #putDifferences(setup: StateSetup): Promise<void> {
    const following = this.#following;
    if (following === undefined) return;
    const { network } = this.#trainable;
    const { values, remaining } = differencesOf(network, following, setup);
    this.#remaining = remaining;
    for (const [i, pair] of following.pairs.entries()) {
      const [{ name, layer, shape }] = infosOf(network, pair);
      this.#given = { ...this.#given, [name]: Float32Array.from(setup.weights[name] ?? []) };
      await this.#put(differenceName(layer), [values[i] as Float32Array], shape);
    }
  }

  /** The kernel that feedback weights follow; undefined of weights that follow none. */
  #kernelOf({ name }: ParameterInfo): ParameterInfo | undefined {
    const { network } = this.#trainable;
    const pairs = this.#following?.pairs.map((pair) => infosOf(network, pair)) ?? [];
    return pairs.find(([feedback]) => feedback.name === name)?.[1];
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

  /** How much is left of differences before each of the next steps, and after them: see {@link remainingAt}. */
  remainingAt(count: number): Float32Array {
    if (this.#following === undefined) return new Float32Array(count + 1).fill(1);
    const from = { remaining: this.#remaining, taken: this.#stepsTaken, count };
    return remainingAt(this.#following, from);
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
    this.#remaining = this.remainingAt(steps)[steps] as number;
    this.#given = {};
    this.#stepsTaken += steps;
  }

  /** Copies of the weights, by name. @param replica of several networks, which; the first when left out. */
  async weights(replica = 0): Promise<Weights> {
    const { parameters } = this.#trainable.network;
    const weights: Record<string, Float32Array> = {};
    for (const info of parameters) weights[info.name] = await this.#weight(info, replica);
    return weights;
  }

  async #weight(info: ParameterInfo, replica: number): Promise<Float32Array> {
    const kernel = this.#kernelOf(info);
    if (kernel === undefined) return this.#download(info.name, replica);
    const given = this.#given[info.name];
    if (given !== undefined) return Float32Array.from(given);
    return feedbackFrom(
      await this.#download(kernel.name, replica),
      await this.#download(differenceName(info.layer), replica),
      this.#remaining,
    );
  }

  /** Copies of all that training has come to. @param replica of several networks, which; the first when left out. */
  async snapshot(replica = 0): Promise<TrainingSnapshot> {
    const { network, optimizer } = this.#trainable;
    const slots: Record<string, Float32Array> = {};
    for (const info of network.parameters) {
      const kernel = this.#kernelOf(info);
      // What follows a kernel shares its memory.
      const kept = slotNames(kernel ?? info, optimizer);
      for (const [i, name] of slotNames(info, optimizer).entries())
        slots[name] = await this.#download(kept[i] as string, replica);
      if (kernel === undefined) continue;
      const difference = differenceName(info.layer);
      slots[difference] = await this.#download(difference, replica);
      slots[remainingName(info.layer)] = Float32Array.of(this.#remaining);
    }
    return { weights: await this.weights(replica), slots, stepsTaken: this.#stepsTaken };
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
