import {
  BioflaxError,
  createTrainable,
  type Network,
  noiseOffset,
  noiseTable,
  rateAt,
  type Shape,
  sizeOf,
  slotNames,
  type Trainable,
  type TrainingSnapshot,
  type TrainingSpec,
  type Weights,
} from "@bioflax/core";
import type { AlignmentValues } from "@bioflax/metrics";
import { checkRows, checkSetup } from "./checks";
import type { Model } from "./graph/model";
import { offsetsName } from "./graph/noise";
import {
  carriedNames,
  evaluationProgram,
  type ProgramContext,
  predictionProgram,
  trainingProgram,
} from "./programs";
import { type HostTensor, hostTensor, type SessionOptions } from "./session";
import { SessionPool } from "./session-pool";
import type { Source, SourceLayout } from "./source";

/** What a compiled network is made from. */
export interface CompiledNetworkSetup extends SessionOptions, TrainingSpec {
  /** Starting weights, by name, as `initializeWeights` gives them. */
  readonly weights: Weights;
  /** The optimizer's memory, as a {@link CompiledNetwork.snapshot} has it; zeros when left out. */
  readonly slots?: Weights | undefined;
  /** How many steps have been taken before; 0 when left out. */
  readonly stepsTaken?: number | undefined;
  /** How examples are laid out. */
  readonly layout: SourceLayout;
  /** Examples in a training step. */
  readonly batchSize: number;
  /** Seed of what rules draw anew at each step, a whole number; 0 when left out. */
  readonly seed?: number;
}

/** How {@link CompiledNetwork.train} is watched and stopped. */
export interface TrainOptions {
  /** On how many of the first steps to measure alignment; 0 when left out. */
  readonly alignmentSteps?: number;
  /** Called after every call into ONNX Runtime with the number of examples trained on so far, and the losses of its steps. */
  readonly onProgress?: ((examples: number, losses: Float64Array) => void) | undefined;
  /** Stops between two calls. */
  readonly signal?: AbortSignal | undefined;
}

/** What training leaves behind. */
export interface TrainResult {
  /** The loss of each step, before its update. */
  readonly losses: Float64Array;
  /** The alignment at each of the first steps. */
  readonly alignment: AlignmentValues<number>[];
}

/** How long one call into ONNX Runtime should take: long enough to cost nothing, short enough to stop. */
const CALL_MILLISECONDS = 250;
/** Steps of the very first call, whose time sizes the next. */
const FIRST_STEPS = 4;
/** The most examples evaluated at once. */
const EVALUATION_BATCH = 1000;
/** The most numbers a layer puts out for them, so that they fit in memory with room to spare. */
const EVALUATION_NUMBERS = 2 ** 23;

/**
 * A network that trains in ONNX Runtime: many steps in one call, the whole step in one graph.
 *
 * The weights live here between calls. Training is deterministic: the same weights, rows and threads give the same
 * bits, however the calls are cut.
 */
export class CompiledNetwork {
  readonly #setup: CompiledNetworkSetup;
  readonly #trainable: Trainable;
  readonly #state: Map<string, HostTensor>;
  readonly #sessions: SessionPool;
  #stepsTaken: number;
  #training = false;
  /** Of full batches, which the calls are sized by. */
  #millisecondsPerStep: number | undefined;

  private constructor(
    setup: CompiledNetworkSetup,
    trainable: Trainable,
    state: Map<string, HostTensor>,
  ) {
    this.#setup = setup;
    this.#trainable = trainable;
    this.#state = state;
    this.#stepsTaken = setup.stepsTaken ?? 0;
    this.#sessions = new SessionPool(trainable, setup);
  }

  /**
   * Prepares a network; sessions are made when they are first needed.
   *
   * @throws BioflaxError for a spec that is wrong, a rule its loss does not suit, weights or a layout that do not fit it,
   *   or when ONNX Runtime is not there.
   */
  static async create(setup: CompiledNetworkSetup): Promise<CompiledNetwork> {
    const trainable = createTrainable(setup);
    const { network, optimizer } = trainable;
    checkSetup(trainable, setup);
    const state = new Map<string, HostTensor>();
    const put = async (name: string, values: Float32Array, shape: Shape) =>
      state.set(name, await hostTensor("float32", values, shape));
    for (const info of network.parameters) {
      const { name, shape } = info;
      await put(name, Float32Array.from(setup.weights[name] as Float32Array), shape);
      for (const slot of slotNames(info, optimizer))
        await put(
          slot,
          Float32Array.from(setup.slots?.[slot] ?? new Float32Array(sizeOf(shape))),
          shape,
        );
    }
    const rows =
      (setup.batchSize * sizeOf(setup.layout.inputShape)) / sizeOf(network.spec.inputShape);
    for (const info of network.noise) {
      const table = noiseTable(info, setup.seed ?? 0, rows);
      await put(info.name, table, [table.length]);
    }
    return new CompiledNetwork(setup, trainable, state);
  }

  /** The network that is trained. */
  get network(): Network {
    return this.#trainable.network;
  }

  /** The present weights, by name. */
  weights(): Weights {
    return Object.fromEntries(
      this.network.parameters.map(({ name }) => [
        name,
        Float32Array.from((this.#state.get(name) as HostTensor).data as Float32Array),
      ]),
    );
  }

  /** What training has come to: a network made with it in its setup goes on to the same bits. */
  async snapshot(): Promise<TrainingSnapshot> {
    const { optimizer } = this.#trainable;
    const slots = this.network.parameters.flatMap((info) => slotNames(info, optimizer));
    return {
      weights: this.weights(),
      slots: Object.fromEntries(
        slots.map((name) => [
          name,
          Float32Array.from((this.#state.get(name) as HostTensor).data as Float32Array),
        ]),
      ),
      stepsTaken: this.#stepsTaken,
    };
  }

  /**
   * Takes one step for every batch of rows; the last batch may be smaller.
   *
   * @param rows row numbers of the source, in order.
   * @throws BioflaxError for rows the source does not have, a source that does not fit the layout, or while another call
   *   is training.
   */
  async train(source: Source, rows: Int32Array, options: TrainOptions = {}): Promise<TrainResult> {
    checkRows(source, rows);
    if (this.#training)
      throw new BioflaxError("CompiledNetwork: it is training already; await that call first.");
    this.#training = true;
    try {
      return await this.#trainOn(source, rows, options);
    } finally {
      this.#training = false;
    }
  }

  async #trainOn(
    source: Source,
    rows: Int32Array,
    { alignmentSteps = 0, onProgress, signal }: TrainOptions,
  ): Promise<TrainResult> {
    const { batchSize } = this.#setup;
    const losses: number[] = [];
    const alignment: AlignmentValues<number>[] = [];
    let position = 0;
    while (position < rows.length && signal?.aborted !== true) {
      const left = rows.length - position;
      const batch = Math.min(batchSize, left);
      const observe = losses.length < alignmentSteps;
      const wanted = observe ? alignmentSteps - losses.length : this.#stepsPerCall();
      const steps = Math.max(1, Math.min(wanted, Math.floor(left / batch)));
      const result = await this.#call(
        source,
        rows.subarray(position, position + steps * batch),
        batch,
        observe,
      );
      losses.push(...result.losses);
      alignment.push(...result.alignment);
      position += steps * batch;
      onProgress?.(position, result.losses);
    }
    return { losses: Float64Array.from(losses), alignment };
  }

  /**
   * The mean loss over examples and, where the targets are labels, the share classified right.
   *
   * @param rows which rows of the source, at least one.
   * @throws BioflaxError for no rows, or rows the source does not have.
   */
  async evaluate(source: Source, rows: Int32Array): Promise<{ loss: number; accuracy?: number }> {
    if (rows.length === 0)
      throw new BioflaxError(
        "CompiledNetwork: expected at least one row to evaluate, received none.",
      );
    let loss = 0;
    let correct = 0;
    await this.#forEachBatch(
      "evaluation",
      evaluationProgram,
      source,
      rows,
      ([batchLoss, batchCorrect], batch) => {
        loss += (batchLoss?.[0] as number) * batch;
        correct += batchCorrect?.[0] ?? 0;
      },
    );
    const labelled = this.#trainable.loss.targets === "labels";
    return { loss: loss / rows.length, ...(labelled ? { accuracy: correct / rows.length } : {}) };
  }

  /** The network's output for the given rows of a source, row-major. */
  async predict(source: Source, rows: Int32Array): Promise<Float32Array> {
    const outputs: Float32Array[] = [];
    await this.#forEachBatch("prediction", predictionProgram, source, rows, ([output]) =>
      outputs.push(output as Float32Array),
    );
    const result = new Float32Array(outputs.reduce((total, { length }) => total + length, 0));
    outputs.reduce((offset, output) => {
      result.set(output, offset);
      return offset + output.length;
    }, 0);
    return result;
  }

  /** Frees the sessions. */
  async dispose(): Promise<void> {
    await this.#sessions.release();
  }

  #stepsPerCall(): number {
    return this.#millisecondsPerStep === undefined
      ? FIRST_STEPS
      : Math.ceil(CALL_MILLISECONDS / this.#millisecondsPerStep);
  }

  async #call(
    source: Source,
    rows: Int32Array,
    batch: number,
    observe: boolean,
  ): Promise<TrainResult> {
    const { session, observed } = await this.#sessions.get(
      observe ? "observed training" : "training",
      source,
      batch,
      (context) => trainingProgram(context, observe),
    );
    const steps = rows.length / batch;
    const names = carriedNames(this.#trainable);
    const feeds = {
      ...(await this.#sessions.sourceTensors(source)),
      ...Object.fromEntries(this.#state),
      ...(await this.#noiseOffsets(steps)),
      rates: await hostTensor("float32", this.#rates(steps), [steps]),
      rows: await hostTensor("int32", rows, [steps, batch]),
      steps: await hostTensor("int64", BigInt64Array.of(BigInt(steps)), []),
      stepsTaken: await hostTensor("float32", Float32Array.of(this.#stepsTaken), []),
    };
    const start = performance.now();
    const results = await session.run(feeds);
    if (!observe && batch === this.#setup.batchSize)
      this.#millisecondsPerStep = (performance.now() - start) / steps;
    names.forEach((name, i) => this.#state.set(name, results[i] as HostTensor));
    this.#stepsTaken += steps;
    const [losses, ...values] = results
      .slice(names.length)
      .map(({ data }) => data as Float32Array) as [Float32Array, ...Float32Array[]];
    return {
      losses: Float64Array.from(losses),
      alignment: observe
        ? Array.from(losses, (_, step) =>
            Object.fromEntries(observed.map((name, i) => [name, values[i]?.[step] as number])),
          )
        : [],
    };
  }

  /** The learning rates of the next steps. */
  #rates(steps: number): Float32Array {
    const { learningRate } = this.#trainable;
    return Float32Array.from({ length: steps }, (_, step) =>
      rateAt(learningRate, this.#stepsTaken + step),
    );
  }

  /** Where noise begins in its tables at each of the next steps. */
  async #noiseOffsets(steps: number): Promise<Record<string, HostTensor>> {
    const { seed = 0 } = this.#setup;
    const tensors = this.network.noise.map(async (info) => {
      const offsets = Array.from({ length: steps }, (_, step) =>
        BigInt(noiseOffset(info, seed, this.#stepsTaken + step)),
      );
      const tensor = await hostTensor("int64", BigInt64Array.from(offsets), [steps, 1]);
      return [offsetsName(info), tensor] as const;
    });
    return Object.fromEntries(await Promise.all(tensors));
  }

  async #forEachBatch(
    kind: string,
    program: (context: ProgramContext) => Model,
    source: Source,
    rows: Int32Array,
    use: (outputs: Float32Array[], batch: number) => void,
  ): Promise<void> {
    checkRows(source, rows);
    const largest = Math.max(...this.network.layers.map(({ outputShape }) => sizeOf(outputShape)));
    const most = Math.min(EVALUATION_BATCH, Math.max(1, Math.floor(EVALUATION_NUMBERS / largest)));
    for (let position = 0; position < rows.length; ) {
      const batch = Math.min(most, rows.length - position);
      const { session } = await this.#sessions.get(kind, source, batch, (context) => ({
        model: program(context),
      }));
      const results = await session.run({
        ...(await this.#sessions.sourceTensors(source)),
        ...Object.fromEntries(this.#state),
        rows: await hostTensor("int32", rows.subarray(position, position + batch), [batch]),
      });
      use(
        results.map(({ data }) => data as Float32Array),
        batch,
      );
      position += batch;
    }
  }
}
