import {
  BioflaxError,
  createTrainable,
  type Network,
  noiseTable,
  type Shape,
  sizeOf,
  slotNames,
  type Trainable,
  type TrainingSnapshot,
  type TrainingSpec,
  type Weights,
} from "@bioflax/core";
import type { AlignmentValues } from "@bioflax/metrics";
import { type CallSizes, timedCalls, unrolledCalls } from "./call-sizes";
import { checkRows, checkSetup } from "./checks";
import type { Model } from "./graph/model";
import { type NodePlacement, placementsOf } from "./placements";
import { evaluationProgram, type ProgramContext, predictionProgram, rowsOf } from "./programs";
import { type Residence, residenceOf } from "./residence";
import { hostTensor } from "./runtime";
import type { SessionOptions, SessionTensor } from "./session";
import { SessionPool } from "./session-pool";
import type { Source, SourceLayout } from "./source";
import { stepFeeds } from "./step-feeds";
import { carriedNames, trainingProgram } from "./training-program";

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
  /**
   * Whether the steps of a call are an ONNX `Loop` or written out one after another; when left out `unrolled` on WebGPU,
   * where ONNX Runtime would carry a loop's weights to the processor and back at every step, and `loop` elsewhere.
   */
  readonly steps?: "loop" | "unrolled" | undefined;
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
  readonly #state: Map<string, SessionTensor>;
  readonly #residence: Residence;
  readonly #sessions: SessionPool;
  readonly #sizes: CallSizes;
  #stepsTaken: number;
  #training = false;

  private constructor(
    setup: CompiledNetworkSetup,
    trainable: Trainable,
    residence: Residence,
    state: Map<string, SessionTensor>,
  ) {
    this.#setup = setup;
    this.#trainable = trainable;
    this.#residence = residence;
    this.#state = state;
    this.#stepsTaken = setup.stepsTaken ?? 0;
    this.#sessions = new SessionPool(trainable, residence, setup);
    const steps = setup.steps ?? (residence.isDevice ? "unrolled" : "loop");
    this.#sizes = steps === "unrolled" ? unrolledCalls() : timedCalls();
  }

  /**
   * Prepares a network; sessions are made when they are first needed.
   *
   * @throws BioflaxError for a spec that is wrong, a rule its loss does not suit, weights or a layout that do not fit it,
   *   or when ONNX Runtime or its device is not there.
   */
  static async create(setup: CompiledNetworkSetup): Promise<CompiledNetwork> {
    const trainable = createTrainable(setup);
    const { network, optimizer } = trainable;
    checkSetup(trainable, setup);
    const residence = residenceOf(setup);
    const state = new Map<string, SessionTensor>();
    const put = async (name: string, values: Float32Array, shape: Shape) =>
      state.set(name, await residence.settle(await hostTensor("float32", values, shape)));
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
    return new CompiledNetwork(setup, trainable, residence, state);
  }

  /** The network that is trained. */
  get network(): Network {
    return this.#trainable.network;
  }

  /** The present weights, by name. */
  async weights(): Promise<Weights> {
    return this.#fetch(this.network.parameters.map(({ name }) => name));
  }

  /** What training has come to: a network made with it in its setup goes on to the same bits. */
  async snapshot(): Promise<TrainingSnapshot> {
    const { optimizer } = this.#trainable;
    const slots = this.network.parameters.flatMap((info) => slotNames(info, optimizer));
    return {
      weights: await this.weights(),
      slots: await this.#fetch(slots),
      stepsTaken: this.#stepsTaken,
    };
  }

  /** Copies of some of the state, by name. */
  async #fetch(names: readonly string[]): Promise<Record<string, Float32Array>> {
    const values: Record<string, Float32Array> = {};
    for (const name of names) {
      const tensor = await this.#residence.fetch(this.#state.get(name) as SessionTensor);
      values[name] = Float32Array.from(tensor.data as Float32Array);
    }
    return values;
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
      const most = Math.floor(left / batch);
      const steps = this.#sizes.next(
        observe ? Math.min(alignmentSteps - losses.length, most) : most,
        observe,
        () => this.#nodesOfStep(source, batch, observe),
      );
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

  /**
   * Takes one training step for the sake of seeing what runs its nodes; nothing comes of it.
   *
   * @param rows row numbers of one batch.
   * @returns each operator with what ran it. On a GPU, what the processor runs costs copies there and back.
   * @throws BioflaxError for rows the source does not have, or a source that does not fit the layout.
   */
  async placements(source: Source, rows: Int32Array): Promise<NodePlacement[]> {
    checkRows(source, rows);
    const { model, carried } = this.#program(1, false).build(
      this.#sessions.context(source, rows.length),
    );
    const resident = this.#residence.isDevice ? model.outputs.slice(0, carried) : [];
    const feeds = await this.#feeds(source, rows, rows.length);
    return placementsOf(model, { ...this.#setup, resident }, feeds);
  }

  /** Frees the sessions and what lies on the device. */
  async dispose(): Promise<void> {
    for (const tensor of this.#state.values()) tensor.dispose();
    await this.#sessions.release();
    await this.#residence.release();
  }

  #nodesOfStep(source: Source, batch: number, observe: boolean): number {
    const context = this.#sessions.context(source, batch);
    return trainingProgram(context, { observe, unrolled: 1 }).model.nodes;
  }

  async #call(
    source: Source,
    rows: Int32Array,
    batch: number,
    observe: boolean,
  ): Promise<TrainResult> {
    const steps = rows.length / batch;
    const program = this.#program(steps, observe);
    const names = carriedNames(this.#trainable);
    const { session, observed } = await this.#sessions.get(
      program.kind,
      source,
      batch,
      program.build,
    );
    const feeds = await this.#feeds(source, rows, batch);
    const start = performance.now();
    const results = await session.run(feeds);
    if (!observe && batch === this.#setup.batchSize)
      this.#sizes.took(steps, performance.now() - start);
    names.forEach((name, i) => {
      this.#state.get(name)?.dispose();
      this.#state.set(name, results[i] as SessionTensor);
    });
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

  /** The program of a call, and what tells it from others. */
  #program(steps: number, observe: boolean) {
    const unrolled = this.#sizes.isUnrolled ? steps : undefined;
    const carried = carriedNames(this.#trainable).length;
    return {
      kind: `${observe ? "observed " : ""}training ${unrolled ?? ""}`,
      build: (context: ProgramContext) => ({
        ...trainingProgram(context, { observe, unrolled }),
        carried,
      }),
    };
  }

  /** Everything a training program may take. */
  async #feeds(
    source: Source,
    rows: Int32Array,
    batch: number,
  ): Promise<Record<string, SessionTensor>> {
    const steps = rows.length / batch;
    return {
      ...(await this.#sessions.sourceTensors(source)),
      ...Object.fromEntries(this.#state),
      ...(await stepFeeds(this.#trainable, {
        taken: this.#stepsTaken,
        count: steps,
        batchRows: rowsOf(this.#setup.layout, this.network, batch),
        unrolled: this.#sizes.isUnrolled,
        seed: this.#setup.seed ?? 0,
      })),
      rows: await hostTensor("int32", rows, [steps, batch]),
    };
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
