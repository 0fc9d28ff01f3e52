import { setImmediate } from "node:timers/promises";
import {
  BioflaxError,
  createTrainable,
  type GivenTraining,
  type Network,
  sizeOf,
  type Trainable,
  type TrainingSnapshot,
  type Weights,
} from "@bioflax/core";
import type { AlignmentValues, Evaluation } from "@bioflax/metrics";
import type { BlockUse } from "./graph/value";
import { BatchRuns } from "./programs/batch-runs";
import { type CallSizes, timedCalls, unrolledCalls } from "./programs/call-sizes";
import { checkRows, checkSetup } from "./programs/checks";
import { NetworkState } from "./programs/network-state";
import {
  evaluationProgram,
  type ProgramContext,
  predictionProgram,
} from "./programs/onnx/batch-programs";
import { ProgramSessions } from "./programs/onnx/program-sessions";
import { trainingProgram } from "./programs/onnx/training-program";
import { rowsOf, type Source, type SourceLayout } from "./programs/source";
import { stepFeeds } from "./programs/step-feeds";
import { carriedNames } from "./programs/training-step";
import { blocksHere } from "./runtime/block-use";
import { type DeviceMemory, deviceMemoryOf } from "./runtime/device-memory";
import { type NodePlacement, placementsOf } from "./runtime/placements";
import { hostTensor, hostTensors } from "./runtime/runtime";
import type { SessionOptions, SessionTensor } from "./runtime/session";

const batchPrograms = { evaluation: evaluationProgram, prediction: predictionProgram };

/** Products of weights and inputs that a step takes long for: a second or so. */
const MANY_PRODUCTS = 2 ** 31;

/** What a compiled network is made from. */
export interface CompiledNetworkSetup extends SessionOptions, GivenTraining {
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
   * Whether the steps of a call are an ONNX `Loop` or written out one after another; when left out `unrolled` on
   * WebGPU, where ONNX Runtime would carry a loop's weights to the processor and back at every step, and `loop`
   * elsewhere.
   */
  readonly steps?: "loop" | "unrolled" | undefined;
  /**
   * How matrices lie in memory while the network trains: in `blocks`, as ONNX Runtime's fastest kernels for this
   * processor want them, or in `rows`; when left out in blocks where there are such kernels. Results differ by
   * rounding.
   */
  readonly matrices?: "blocks" | "rows" | undefined;
}

/** How {@link CompiledNetwork.train} is watched and stopped. */
export interface TrainOptions {
  /** On how many of the first steps to measure alignment; 0 when left out. */
  readonly alignmentBatches?: number;
  /**
   * Called after every call into ONNX Runtime with the number of examples trained on so far, and the losses of its
   * steps.
   */
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

/**
 * A network that trains in ONNX Runtime: many steps in one call, the whole step in one graph.
 *
 * The weights live here between calls. Training is deterministic: the same weights, rows and threads give the same
 * bits, however the calls are cut.
 */
export class CompiledNetwork {
  readonly #setup: CompiledNetworkSetup;
  readonly #trainable: Trainable;
  readonly #state: NetworkState<SessionTensor>;
  readonly #memory: DeviceMemory<SessionTensor>;
  readonly #sessions: ProgramSessions;
  readonly #batches: BatchRuns;
  readonly #sizes: CallSizes;
  #training = false;

  private constructor(
    setup: CompiledNetworkSetup,
    trainable: Trainable,
    memory: DeviceMemory<SessionTensor>,
    state: NetworkState<SessionTensor>,
    blocks: BlockUse | undefined,
  ) {
    this.#setup = setup;
    this.#trainable = trainable;
    this.#memory = memory;
    this.#state = state;
    this.#sessions = new ProgramSessions(trainable, memory, { ...setup, blocks });
    this.#batches = new BatchRuns(trainable.network, {
      who: "CompiledNetwork",
      rowsPerExample: this.#sessions.rowsPerExample,
      runBatch: (kind, source, rows) => this.#runBatch(kind, source, rows),
    });
    const steps = setup.steps ?? (memory.isDevice ? "unrolled" : "loop");
    const weights = trainable.network.parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    this.#sizes =
      steps === "unrolled"
        ? unrolledCalls()
        : timedCalls({ isSlow: weights * setup.batchSize > MANY_PRODUCTS });
  }

  /**
   * Prepares a network; sessions are made when they are first needed.
   *
   * @throws BioflaxError for a spec that is wrong, a rule its loss does not suit, weights or a layout that do not fit
   *   it, or when ONNX Runtime or its device is not there.
   */
  static async create(setup: CompiledNetworkSetup): Promise<CompiledNetwork> {
    const trainable = createTrainable(setup);
    checkSetup(trainable, setup);
    const memory = deviceMemoryOf(setup);
    const { layout, batchSize, seed = 0 } = setup;
    const batchRows = rowsOf(layout, trainable.network, batchSize);
    const state = await NetworkState.create(trainable, memory, { ...setup, seed, batchRows });
    const { device = "cpu", matrices } = setup;
    const blocks = device === "cpu" && matrices !== "rows" ? await blocksHere() : undefined;
    return new CompiledNetwork(setup, trainable, memory, state, blocks);
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
    { alignmentBatches = 0, onProgress, signal }: TrainOptions,
  ): Promise<TrainResult> {
    const { batchSize } = this.#setup;
    const losses: number[] = [];
    const alignment: AlignmentValues<number>[] = [];
    let position = 0;
    while (position < rows.length && signal?.aborted !== true) {
      const left = rows.length - position;
      const batch = Math.min(batchSize, left);
      const observe = losses.length < alignmentBatches;
      const most = Math.floor(left / batch);
      const steps = this.#sizes.next(
        observe ? Math.min(alignmentBatches - losses.length, most) : most,
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
      // ONNX Runtime computes in this thread: what came meanwhile, such as the signal, is heard only now.
      await setImmediate();
    }
    return { losses: Float64Array.from(losses), alignment };
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

  /**
   * Takes one training step for the sake of seeing what runs its nodes; nothing comes of it.
   *
   * @param rows row numbers of one batch.
   * @returns each operator with what ran it. On a GPU, what the processor runs costs copies there and back.
   * @throws BioflaxError for rows the source does not have, or a source that does not fit the layout.
   */
  async placements(source: Source, rows: Int32Array): Promise<NodePlacement[]> {
    checkRows(source, rows);
    const context = this.#sessions.context(source, rows.length);
    const { build, perIteration } = this.#program(1, false);
    const program = build(context);
    const resident = this.#sessions.residentOf(program);
    const feeds = await this.#feeds(source, rows, rows.length, perIteration);
    return placementsOf(program.model, { ...this.#setup, resident }, feeds);
  }

  /** Frees the sessions and what lies on the device. */
  async dispose(): Promise<void> {
    this.#state.dispose();
    await this.#sessions.release();
    await this.#memory.release();
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
    const feeds = await this.#feeds(source, rows, batch, program.perIteration);
    const start = performance.now();
    const results = await session.run(feeds);
    if (batch === this.#setup.batchSize)
      this.#sizes.took(steps, performance.now() - start, observe);
    this.#state.advance(names, results, steps);
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

  async #runBatch(kind: "evaluation" | "prediction", source: Source, rows: Int32Array) {
    const { session, observed } = await this.#sessions.get(
      kind,
      source,
      rows.length,
      batchPrograms[kind],
    );
    const results = await session.run({
      ...(await this.#sessions.sourceTensors(source)),
      ...this.#state.feeds(),
      rows: await hostTensor({ type: "int32", data: rows, shape: [rows.length] }),
    });
    return { outputs: results.map(({ data }) => data as Float32Array), observed };
  }

  /** The program of a call, and what tells it from others. */
  #program(steps: number, observe: boolean) {
    const perIteration = this.#sizes.perIteration(steps, observe);
    const unrolled = perIteration === undefined ? steps : undefined;
    const carried = carriedNames(this.#trainable).length;
    return {
      kind: `${observe ? "observed " : ""}training ${unrolled ?? ""} ${perIteration ?? ""}`,
      perIteration,
      build: (context: ProgramContext) => ({
        ...trainingProgram(context, { observe, unrolled, perIteration }),
        carried,
      }),
    };
  }

  /** Everything a training program may take. */
  async #feeds(
    source: Source,
    rows: Int32Array,
    batch: number,
    perIteration: number | undefined,
  ): Promise<Record<string, SessionTensor>> {
    const steps = rows.length / batch;
    return {
      ...(await this.#sessions.sourceTensors(source)),
      ...this.#state.feeds(),
      ...(await hostTensors({
        ...stepFeeds(this.#trainable, {
          taken: this.#state.stepsTaken,
          count: steps,
          batchRows: rowsOf(this.#setup.layout, this.network, batch),
          perIteration,
          seed: this.#setup.seed ?? 0,
        }),
        rows: { type: "int32", data: rows, shape: [steps, batch] },
      })),
    };
  }
}
