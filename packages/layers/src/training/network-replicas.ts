import {
  type Batch,
  BioflaxError,
  checkSnapshot,
  createTrainable,
  flatten,
  forward,
  groupByLayer,
  lossAndGradients,
  type Network,
  outputOf,
  perReplica,
  prepareStep,
  ReplicaStep,
  type Replicated,
  rateAt,
  replicatedOps,
  type Shape,
  shared,
  sizeOf,
  slotNames,
  type Trainable,
  type TrainingSnapshot,
  type TrainingSpec,
  type Weights,
  withReplicaAxis,
} from "@bioflax/core";
import { type AlignmentValues, alignment } from "@bioflax/metrics";
import * as tf from "@tensorflow/tfjs";
import { assignAll } from "../base/assign-all";
import { LayerNoise } from "../base/layer-noise";
import { tfTrainingOps } from "../ops/tf-ops";

/** One of the networks of {@link NetworkReplicas}, in what it may differ from the others. */
export interface NetworkReplica extends TrainingSpec {
  /** Starting weights, by name. */
  readonly weights: Weights;
  /** The optimizer's memory, as a snapshot has it; zeros when left out. */
  readonly slots?: Weights | undefined;
  /** Seed of what rules draw anew at each step. */
  readonly seed: number;
}

/** A number for each replica. */
const numbers = (values: readonly number[]): Replicated<tf.Tensor> =>
  perReplica(tf.tensor1d([...values]));

/**
 * Several networks that differ in nothing but numbers and train as one on TensorFlow.js: a step of all of them asks for
 * as many operations as one of a single network, each of all networks' numbers.
 *
 * @example
 * const networks = new NetworkReplicas([{ spec, loss, optimizer, weights: initializeWeights(network, 0), seed: 0 }, other]);
 * const { loss } = networks.step({ input, target }); // [replicas], of input [replicas, batch, ...inputShape]
 */
export class NetworkReplicas {
  readonly #trainables: readonly Trainable[];
  readonly #step: ReplicaStep;
  readonly #ops;
  readonly #noise: readonly LayerNoise[];
  readonly #hasRates: boolean;
  /** By name, each with the axis of replicas: weights, and what the optimizer remembers of them. */
  readonly #variables = new Map<string, tf.Variable>();
  #stepsTaken: number;

  /**
   * @param replicas at least one.
   * @param stepsTaken how many steps all of them have taken before.
   * @throws BioflaxError where they differ in more than numbers, or for weights or slots that are missing or have
   *   another size, or slots that are unknown.
   */
  constructor(replicas: readonly NetworkReplica[], stepsTaken = 0) {
    if (replicas.length === 0)
      throw new BioflaxError("NetworkReplicas: expected at least one network, received none.");
    this.#trainables = replicas.map((given) => createTrainable(given));
    replicas.forEach((given, replica) => {
      const own = this.#trainables[replica] as Trainable;
      checkSnapshot("NetworkReplicas", own, { ...given, stepsTaken });
    });
    this.#step = new ReplicaStep(this.#trainables);
    this.#ops = replicatedOps(tfTrainingOps, replicas.length);
    this.#hasRates = this.#trainables.some(({ learningRate }) => typeof learningRate !== "number");
    this.#noise = replicas.map(
      ({ seed }, replica) =>
        new LayerNoise((this.#trainables[replica] as Trainable).network.noise, seed, stepsTaken),
    );
    this.#stepsTaken = stepsTaken;
    for (const info of this.network.parameters) {
      this.#keep(
        info.name,
        info.shape,
        replicas.map(({ weights }) => weights[info.name]),
      );
      for (const slot of this.#slotNames(info))
        this.#keep(
          slot,
          info.shape,
          replicas.map(({ slots }) => slots?.[slot]),
        );
    }
  }

  /** What the networks have in common. */
  get network(): Network {
    return (this.#trainables[0] as Trainable).network;
  }

  #slotNames(info: Parameters<typeof slotNames>[0]): string[] {
    return slotNames(info, (this.#trainables[0] as Trainable).optimizer);
  }

  /** Keeps a copy of arrays as one; zeros in place of those that are not there. */
  #keep(name: string, shape: Shape, arrays: readonly (Float32Array | undefined)[]): void {
    const size = sizeOf(shape);
    const all = new Float32Array(arrays.length * size);
    arrays.forEach((values, replica) => {
      if (values !== undefined) all.set(values, replica * size);
    });
    const variable = tf.tidy(() => tf.variable(tf.tensor(all, [arrays.length, ...shape]), false));
    this.#variables.set(name, variable);
  }

  #variable(name: string): tf.Variable {
    return this.#variables.get(name) as tf.Variable;
  }

  /**
   * Checks that the networks differ in nothing but numbers.
   *
   * @param batch the shapes of a batch of one network.
   * @throws BioflaxError where they differ in more.
   */
  check(batch: Batch<Shape>): void {
    this.#step.check(batch);
  }

  /**
   * Takes one step of each network.
   *
   * @param batch of all, each tensor with the axis of replicas first, targets as the loss reads them.
   * @returns each network's loss before it, [replicas], and where a rule needs them each one's examples' errors,
   *   [replicas, batch, outputs].
   */
  step({ input, target, weights, delayed }: Batch<tf.Tensor>): {
    readonly loss: tf.Tensor1D;
    readonly exampleErrors?: tf.Tensor3D;
  } {
    const { network } = this;
    const replicas = this.#trainables.length;
    const before = this.#stepsTaken;
    const result = tf.tidy(() => {
      const taken = this.#step.take(
        this.#ops,
        numbers,
        {
          parameters: groupByLayer(
            network,
            network.parameters.map(({ name }) => perReplica<tf.Tensor>(this.#variable(name))),
          ),
          slots: network.parameters.map((info) =>
            this.#slotNames(info).map((name) => perReplica<tf.Tensor>(this.#variable(name))),
          ),
        },
        {
          batch: {
            ...{ input: perReplica(input), target: perReplica(target) },
            weights: weights && perReplica(weights),
            delayed: delayed && perReplica(delayed),
          },
          noise: this.#noiseOfAll(input.shape[1] as number),
          step: shared<tf.Tensor>(tf.scalar(before + 1)),
          rate: this.#hasRates
            ? numbers(this.#trainables.map(({ learningRate }) => rateAt(learningRate, before)))
            : undefined,
        },
      );
      const change = (name: string, x: Replicated<tf.Tensor>) => ({
        variable: this.#variable(name),
        value: withReplicaAxis(tfTrainingOps, x, replicas),
      });
      const after = flatten<Replicated<tf.Tensor>>(network, taken.state.parameters);
      assignAll(
        network.parameters.flatMap((info, i) => [
          change(info.name, after[i] as Replicated<tf.Tensor>),
          ...this.#slotNames(info).map((name, slot) =>
            change(name, taken.state.slots[i]?.[slot] as Replicated<tf.Tensor>),
          ),
        ]),
      );
      const whole = (x: Replicated<tf.Tensor>) => withReplicaAxis(tfTrainingOps, x, replicas);
      return {
        loss: whole(taken.loss) as tf.Tensor1D,
        ...(taken.exampleErrors && { exampleErrors: whole(taken.exampleErrors) as tf.Tensor3D }),
      };
    });
    this.#stepsTaken += 1;
    return result;
  }

  /** All networks' random numbers of the next step. */
  #noiseOfAll(batch: number): Replicated<tf.Tensor>[] {
    const own = this.#noise.map((noise) => noise.at(this.#stepsTaken, batch));
    return this.network.noise.map((_, i) =>
      perReplica<tf.Tensor>(tf.stack(own.map((all) => all[i] as tf.Tensor))),
    );
  }

  /** One network's part of a tensor with the axis of replicas. */
  #partOf(x: tf.Tensor, replica: number): tf.Tensor {
    const [, ...shape] = x.shape;
    const begin = [replica, ...shape.map(() => 0)];
    return tf.reshape(tf.slice(x, begin, [1, ...shape]), shape);
  }

  #parametersOf(replica: number) {
    const { network } = this;
    const own = network.parameters.map(({ name }) => this.#partOf(this.#variable(name), replica));
    return groupByLayer(network, own);
  }

  /**
   * How each network's step of a batch is aligned with backpropagation, before it is taken.
   *
   * @param batch as {@link step} takes it.
   * @returns of each network scalars, by name.
   */
  alignment({ input, target, weights, delayed }: Batch<tf.Tensor>): AlignmentValues<tf.Tensor>[] {
    const examples = input.shape[1] as number;
    return this.#trainables.map((trainable, replica) =>
      tf.tidy(() => {
        const { network } = trainable;
        const noise = (this.#noise[replica] as LayerNoise).at(this.#stepsTaken, examples);
        const own = prepareStep(tfTrainingOps, network, this.#parametersOf(replica), noise);
        const pass = lossAndGradients(tfTrainingOps, trainable, own, {
          ...{ input: this.#partOf(input, replica), target: this.#partOf(target, replica) },
          weights: weights && this.#partOf(weights, replica),
          delayed: delayed && this.#partOf(delayed, replica),
        });
        return alignment<tf.Tensor>(tfTrainingOps, network, own, pass);
      }),
    );
  }

  /** One network's output, [batch, outputs], of inputs [batch, ...inputShape]. */
  output(replica: number, input: tf.Tensor): tf.Tensor {
    const { network } = this.#trainables[replica] as Trainable;
    return tf.tidy(() =>
      outputOf(forward(tfTrainingOps, network, this.#parametersOf(replica), input)),
    );
  }

  /** One network's present weights, by name. */
  async weights(replica: number): Promise<Weights> {
    return this.#read(
      this.network.parameters.map(({ name }) => name),
      replica,
    );
  }

  /** All that the training of one network has come to: it goes on from it by itself as well. */
  async snapshot(replica: number): Promise<TrainingSnapshot> {
    const slots = this.network.parameters.flatMap((info) => this.#slotNames(info));
    return {
      weights: await this.weights(replica),
      slots: await this.#read(slots, replica),
      stepsTaken: this.#stepsTaken,
    };
  }

  async #read(names: readonly string[], replica: number): Promise<Weights> {
    const read = names.map(async (name) => {
      const part = tf.tidy(() => this.#partOf(this.#variable(name), replica));
      const values = Float32Array.from(await part.data());
      part.dispose();
      return [name, values] as const;
    });
    return Object.fromEntries(await Promise.all(read));
  }

  /** Frees what lies on the device. */
  dispose(): void {
    for (const variable of this.#variables.values()) variable.dispose();
    for (const noise of this.#noise) noise.dispose();
  }
}
