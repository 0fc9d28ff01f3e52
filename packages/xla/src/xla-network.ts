import type { Source, SourceLayout, TrainOptions, TrainResult } from "@bioflax/compiler";
import {
  BatchRuns,
  carriedNames,
  checkRows,
  checkSetup,
  NetworkState,
  rowsOf,
} from "@bioflax/compiler";
import {
  BioflaxError,
  createTrainable,
  type GivenTraining,
  type Network,
  noiseOffset,
  rateAt,
  sizeOf,
  type Trainable,
  type TrainingSnapshot,
  type Weights,
} from "@bioflax/core";
import type { AlignmentValues, Evaluation } from "@bioflax/metrics";
import type { PjrtBuffer } from "@bioflax/pjrt";
import { CallSizes, mostSteps } from "./call-sizes";
import { deviceMemoryOf, download, type Place, upload } from "./device-arrays";
import { type Prepared, ProgramPool } from "./program-pool";
import {
  alignmentProgram,
  evaluationProgram,
  offsetsName,
  predictionProgram,
  trainingProgram,
} from "./programs";
import type { Program } from "./stablehlo/program";

const batchPrograms = { evaluation: evaluationProgram, prediction: predictionProgram };

/** Products of weights and inputs that a step takes long for: a second or so. */
const MANY_PRODUCTS = 2 ** 31;
/** What a network in XLA is made from. */
export interface XlaNetworkSetup extends Place, GivenTraining {
  /** Starting weights, by name, as `initializeWeights` gives them. */
  readonly weights: Weights;
  /** The optimizer's memory, as a {@link XlaNetwork.snapshot} has it; zeros when left out. */
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

/**
 * A network that trains in XLA: many steps in one call, as one loop on the device.
 *
 * Weights, the optimizer's memory and the data lie on the device; row numbers go in, losses come out. Training is
 * deterministic: the same weights, rows, device and versions give the same bits, however the calls are cut.
 *
 * @example
 * const client = await loadPlugin(findPlugin("cpu")).createClient();
 * const network = await XlaNetwork.create({ client, spec, loss, optimizer, weights, layout, batchSize: 32 });
 * const { losses } = await network.train(source, rows);
 */
export class XlaNetwork {
  readonly #setup: XlaNetworkSetup;
  readonly #trainable: Trainable;
  readonly #state: NetworkState<PjrtBuffer>;
  readonly #programs: ProgramPool;
  readonly #batches: BatchRuns;
  readonly #sizes: CallSizes;
  #training = false;

  private constructor(
    setup: XlaNetworkSetup,
    trainable: Trainable,
    state: NetworkState<PjrtBuffer>,
  ) {
    this.#setup = setup;
    this.#trainable = trainable;
    this.#state = state;
    this.#programs = new ProgramPool(trainable, setup, setup.layout, setup.batchSize);
    this.#batches = new BatchRuns(trainable.network, {
      who: "XlaNetwork",
      rowsPerExample: rowsOf(setup.layout, trainable.network, 1),
      runBatch: (kind, source, rows) => this.#runBatch(kind, source, rows),
    });
    const weights = trainable.network.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    this.#sizes = new CallSizes(weights * setup.batchSize > MANY_PRODUCTS);
  }

  /**
   * Prepares a network; programs are compiled when they are first needed.
   *
   * @throws BioflaxError for a spec that is wrong, a rule its loss does not suit, weights or a layout that do not fit
   *   it.
   */
  static async create(setup: XlaNetworkSetup): Promise<XlaNetwork> {
    const trainable = createTrainable(setup);
    checkSetup(trainable, setup);
    const { layout, batchSize, seed = 0 } = setup;
    const batchRows = rowsOf(layout, trainable.network, batchSize);
    const memory = deviceMemoryOf(setup);
    const state = await NetworkState.create(trainable, memory, { ...setup, seed, batchRows });
    return new XlaNetwork(setup, trainable, state);
  }

  /** The network that is trained. */
  get network(): Network {
    return this.#trainable.network;
  }

  /** The present weights, by name. */
  weights(): Promise<Weights> {
    return this.#state.weights();
  }

  /** What training has come to: a network made with it in its setup goes on to the same bits. */
  snapshot(): Promise<TrainingSnapshot> {
    return this.#state.snapshot();
  }

  /**
   * Takes one step for every batch of rows; the last batch may be smaller.
   *
   * @param rows row numbers of the source, in order.
   * @throws BioflaxError for rows the source does not have, a source that does not fit the layout, or while another
   *   call is training.
   */
  async train(source: Source, rows: Int32Array, options: TrainOptions = {}): Promise<TrainResult> {
    checkRows(source, rows);
    if (this.#training)
      throw new BioflaxError("XlaNetwork: it is training already; await that call first.");
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
    { alignmentBatches = 0, onProgress, signal }: TrainOptions,
  ): Promise<TrainResult> {
    const { batchSize } = this.#setup;
    const losses: number[] = [];
    const alignment: AlignmentValues<number>[] = [];
    let position = 0;
    while (position < rows.length && signal?.aborted !== true) {
      const left = rows.length - position;
      const batch = Math.min(batchSize, left);
      const isObserved = losses.length < alignmentBatches;
      const most = Math.min(Math.floor(left / batch), mostSteps(batchSize));
      const steps = isObserved ? 1 : this.#sizes.next(most);
      const taken = rows.subarray(position, position + steps * batch);
      if (isObserved) alignment.push(await this.#align(source, taken));
      const result = await this.#call(source, taken, batch);
      losses.push(...result);
      position += steps * batch;
      onProgress?.(position, result);
    }
    return { losses: Float64Array.from(losses), alignment };
  }

  /** How the step of a batch is aligned, before it is taken: measured apart, so that it changes no bit of it. */
  async #align(source: Source, rows: Int32Array): Promise<AlignmentValues<number>> {
    const prepared = await this.#programs.get("alignment", source, rows.length, alignmentProgram);
    const values = await this.#run(prepared, source, {
      rows: await this.#put(rows, [rows.length]),
      ...(await this.#offsets(1, 1)),
    });
    const { observed } = prepared.program;
    return Object.fromEntries(
      await Promise.all(observed.map(async (name, i) => [name, await this.#take(values[i])])),
    );
  }

  async #call(source: Source, rows: Int32Array, batch: number): Promise<Float64Array> {
    const { batchSize } = this.#setup;
    const most = mostSteps(batchSize);
    const steps = rows.length / batch;
    // The last, smaller batch is one step.
    const capacity = batch === batchSize ? most : 1;
    const prepared = await this.#programs.get("training", source, batch, (context) =>
      trainingProgram(context, capacity),
    );
    const start = performance.now();
    const results = await this.#run(prepared, source, await this.#feeds(rows, batch, capacity));
    const names = carriedNames(this.#trainable);
    this.#state.advance(names, results, steps);
    const losses = results[names.length] as PjrtBuffer;
    const values = await download(losses);
    losses.destroy();
    if (batch === batchSize) this.#sizes.took(steps, performance.now() - start);
    return Float64Array.from(values.subarray(0, steps));
  }

  /** What a call of training is told, beside the state and the source. */
  async #feeds(
    rows: Int32Array,
    batch: number,
    capacity: number,
  ): Promise<Record<string, PjrtBuffer>> {
    const { learningRate } = this.#trainable;
    const { stepsTaken } = this.#state;
    const steps = rows.length / batch;
    const allRows = new Int32Array(capacity * batch);
    allRows.set(rows);
    const rates = Float32Array.from({ length: capacity }, (_, t) =>
      t < steps ? rateAt(learningRate, stepsTaken + t) : 0,
    );
    return {
      rows: await this.#put(allRows, [capacity, batch]),
      steps: await this.#put(Int32Array.of(steps), []),
      stepsTaken: await this.#put(Float32Array.of(stepsTaken), []),
      ...(typeof learningRate !== "number" && { rates: await this.#put(rates, [capacity]) }),
      ...(await this.#offsets(steps, capacity)),
    };
  }

  /** Where each noise begins in its table at each of the next steps. */
  async #offsets(steps: number, capacity: number): Promise<Record<string, PjrtBuffer>> {
    const { seed = 0 } = this.#setup;
    const feeds: Record<string, PjrtBuffer> = {};
    for (const info of this.network.noise) {
      const offsets = Int32Array.from({ length: capacity }, (_, t) =>
        t < steps ? noiseOffset(info, seed, this.#state.stepsTaken + t) : 0,
      );
      feeds[offsetsName(info)] = await this.#put(offsets, [capacity]);
    }
    return feeds;
  }

  /** Runs a program on the state, a source and what is given for this call, which is freed. */
  async #run(
    { program, executable }: Prepared<Program>,
    source: Source,
    feeds: Readonly<Record<string, PjrtBuffer>>,
  ): Promise<PjrtBuffer[]> {
    const examples = await this.#programs.source(source);
    const state = this.#state.feeds();
    const inputs = program.arguments.map(
      ({ name }) => (feeds[name] ?? examples.get(name) ?? state[name]) as PjrtBuffer,
    );
    try {
      return await executable.execute(inputs);
    } finally {
      for (const buffer of Object.values(feeds)) buffer.destroy();
    }
  }

  #put(data: Float32Array | Int32Array, shape: readonly number[]): Promise<PjrtBuffer> {
    return upload(this.#setup, data, shape);
  }

  /** The number that a scalar on the device is; it is freed. */
  async #take(scalar: PjrtBuffer | undefined): Promise<number> {
    const [number] = await download(scalar as PjrtBuffer);
    scalar?.destroy();
    return number as number;
  }

  /**
   * The mean loss over examples, whatever they are weighted by, and how much of them is right: of a loss of classes the
   * share classified right; of one that tells each output's label by itself, the share of labels that are right and, of
   * several, the share of examples all of whose labels are.
   *
   * @param rows which rows of the source, at least one.
   * @throws BioflaxError for no rows, or rows the source does not have.
   */
  async evaluate(source: Source, rows: Int32Array): Promise<Evaluation> {
    return this.#batches.evaluate(source, rows);
  }

  /** The network's output for the given rows of a source, row-major. */
  async predict(source: Source, rows: Int32Array): Promise<Float32Array> {
    return this.#batches.predict(source, rows);
  }

  async #runBatch(kind: "evaluation" | "prediction", source: Source, rows: Int32Array) {
    const prepared = await this.#programs.get(kind, source, rows.length, batchPrograms[kind]);
    const results = await this.#run(prepared, source, {
      rows: await this.#put(rows, [rows.length]),
    });
    const outputs = await Promise.all(results.map(download));
    for (const result of results) result.destroy();
    return { outputs, observed: prepared.program.observed };
  }

  /** Frees the programs, and what lies on the device. */
  async dispose(): Promise<void> {
    this.#state.dispose();
    await this.#programs.destroy();
  }
}
