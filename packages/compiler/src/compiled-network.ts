import { createTrainable, type Network, sizeOf, slotNames, type Trainable } from "@bioflax/core";
import type { AlignmentValues } from "@bioflax/metrics";
import { platform } from "#platform";
import type { BlockUse } from "./graph/value";
import type { BatchProgramKind } from "./programs/batch-program";
import type { BatchOutputs } from "./programs/batch-runs";
import { convolves, isQuick, isSlow, trainsBestAsOne } from "./programs/call-sizes";
import { checkAlike, checkRows } from "./programs/checks";
import { alignmentModel } from "./programs/onnx/alignment-model";
import { batchModel } from "./programs/onnx/batch-model";
import {
  type CallSizes,
  timedCalls,
  timedUnrolledCalls,
  unrolledCalls,
} from "./programs/onnx/call-sizes";
import type { OnnxContext } from "./programs/onnx/onnx-context";
import { ProgramSessions } from "./programs/onnx/program-sessions";
import { trainingProgram } from "./programs/onnx/training-program";
import type { Replicas } from "./programs/replica-networks";
import { type ReplicaPart, ReplicaShares, sharedOut } from "./programs/replica-shares";
import { rowsOf, type Source } from "./programs/source";
import { stepFeeds } from "./programs/step-feeds";
import {
  type CallResult,
  checkReplicas,
  type NetworkParts,
  type NetworkSetup,
  type NextSteps,
  networkParts,
  type ReplicasSetup,
  replicaParts,
  TracedNetwork,
} from "./programs/traced-network";
import { carriedNames } from "./programs/training-step";
import { blocksHere } from "./runtime/block-use";
import { deviceMemoryOf } from "./runtime/device-memory";
import { sharingEqualModels } from "./runtime/equal-sessions";
import { floats } from "./runtime/host-array";
import { type NodePlacement, placementsOf } from "./runtime/placements";
import { hostTensor, hostTensors } from "./runtime/runtime";
import {
  type CreateSession,
  createSession,
  type GraphOptimization,
  type SessionOptions,
  type SessionTensor,
} from "./runtime/session";
import { hostsFor, type SessionHost } from "./runtime/session-host";
import { sessionsByThreads } from "./runtime/sessions-by-threads";
import { ThreadCount } from "./runtime/thread-count";

/** What the kinds of training programs begin with. */
const TRAINING = "training";

/**
 * Numbers that a network's steps change, from which on the memory they take counts: an iteration of a loop has them
 * three times, and a session keeps what it took for them.
 */
const LARGE = 2 ** 24;

/** How many numbers a network's steps change: weights and the optimizer's memory of them. */
const carriedNumbers = ({ network, optimizer }: Trainable): number =>
  network.parameters
    .filter(({ changes }) => changes)
    .reduce((sum, info) => sum + sizeOf(info.shape) * (1 + slotNames(info, optimizer).length), 0);

/** How many numbers a training step keeps of its forward pass. */
const keptNumbers = ({ layers }: Network, batchSize: number): number =>
  layers.reduce((sum, { outputShape }) => sum + batchSize * sizeOf(outputShape), 0);

/** Layers from which on ONNX Runtime's own rewriting takes longer than all else before the first step. */
const DEEP = 32;

/** ONNX Runtime's rewriting grows faster than a graph does, and gains a step nothing but where it has convolutions. */
const graphOptimizationOf = (network: Network): GraphOptimization =>
  network.layers.length > DEEP && !convolves(network) ? "disabled" : "all";

/** What a compiled network is made from. */
export interface CompiledNetworkSetup extends SessionOptions, NetworkSetup {
  /**
   * Whether the steps of a call are an ONNX `Loop` or written out one after another; when left out `unrolled` on
   * WebGPU, where ONNX Runtime would carry a loop's weights to the processor and back at every step, and of networks so
   * large that what a loop copies would take too much memory; `loop` elsewhere.
   */
  readonly steps?: "loop" | "unrolled" | undefined;
  /**
   * Whether a call of training steps may take fewer threads than `threads` while others use the processors: by
   * measurement, and without changing a bit. Networks that take much memory never do: each number of threads has a
   * session of its own. When left out, where `threads` is left out.
   */
  readonly threadsVary?: boolean | undefined;
  /**
   * How matrices lie in memory while the network trains: in `blocks`, as ONNX Runtime's fastest kernels for this
   * processor want them, or in `rows`; when left out in blocks where there are such kernels. Results differ by
   * rounding.
   */
  readonly matrices?: "blocks" | "rows" | undefined;
}

/** What compiled networks that train as one are made from. */
export interface CompiledReplicasSetup extends SessionOptions, ReplicasSetup {
  /**
   * Whether a step of those that share a thread is one graph, or they train one after another; when left out as one
   * where the network is small, and on a GPU.
   */
  readonly asOne?: boolean | undefined;
}

/** How many steps of each network a training program is fed the rows of. */
const stepsOfFeeds = ({ rows }: Readonly<Record<string, SessionTensor>>) => rows?.dims[0] as number;

/** How long replicas train between two times that they wait for each other, where several take turns. */
const STRETCH_MILLISECONDS = 1000;

/** Where and how a network's sessions are made. */
interface Made {
  /** How matrices lie in blocks; none does when left out. */
  readonly blocks: BlockUse | undefined;
  readonly createSession: CreateSession;
}

/** Where some replicas train. */
interface Hosted extends Pick<Made, "blocks"> {
  readonly host: SessionHost;
}

/**
 * A network that trains in ONNX Runtime: many steps in one call, the whole step in one graph.
 *
 * The weights live here between calls. Training is deterministic: the same weights, rows and threads give the same
 * bits, however the calls are cut.
 */
export class CompiledNetwork extends TracedNetwork<SessionTensor> {
  readonly #options: SessionOptions;
  readonly #sessions: ProgramSessions;
  readonly #sizes: CallSizes;
  /** Whether as little memory as can be is taken for what steps change. */
  readonly #isLarge: boolean;
  /** Whether there have been steps of several to an iteration: what is left over of them, and smaller batches, are rare. */
  #hasIterations = false;

  private constructor(
    setup: Pick<CompiledNetworkSetup, "steps" | "threadsVary" | keyof SessionOptions>,
    parts: NetworkParts<SessionTensor>,
    { blocks, createSession }: Made,
  ) {
    super(parts);
    const { device, threads, graphOptimization = graphOptimizationOf(this.network) } = setup;
    // Not the setup itself, whose weights would stay in memory.
    this.#options = { device, threads, graphOptimization };
    const isOnGpu = device === "webgpu";
    this.#isLarge = !isOnGpu && carriedNumbers(this.trainable) * this.count >= LARGE;
    const { threadsVary = threads === undefined } = setup;
    const most = (device ?? "cpu") === "cpu" ? platform.networkThreads(threads) : 1;
    // A second session takes as much memory again.
    const isSmall =
      !this.#isLarge && keptNumbers(this.network, this.batchSize) * this.count < LARGE;
    const varies = threadsVary && most > 1 && isSmall;
    this.#sessions = new ProgramSessions(this.sources, this.memory, {
      ...this.#options,
      ...{ blocks, createSession },
      createTraining: varies
        ? sessionsByThreads(createSession, new ThreadCount(most), stepsOfFeeds)
        : undefined,
    });
    const steps = setup.steps ?? (isOnGpu || this.#isLarge ? "unrolled" : "loop");
    const about = {
      isSlow: isSlow(this.trainable, this.batchSize),
      isQuick: isQuick(this.trainable, this.batchSize),
      layers: this.network.layers.length,
    };
    if (steps === "loop") this.#sizes = timedCalls(about);
    else this.#sizes = isOnGpu ? unrolledCalls() : timedUnrolledCalls(about);
  }

  /**
   * Prepares a network; sessions are made when they are first needed.
   *
   * @throws BioflaxError for a spec that is wrong, a rule its loss does not suit, weights or a layout that do not fit
   *   it, or when ONNX Runtime or its device is not there.
   */
  static async create(setup: CompiledNetworkSetup): Promise<CompiledNetwork> {
    const parts = await networkParts("CompiledNetwork", setup, deviceMemoryOf(setup), true);
    const { device = "cpu", matrices } = setup;
    const blocks = device === "cpu" && matrices !== "rows" ? await blocksHere() : undefined;
    return new CompiledNetwork(setup, parts, { blocks, createSession });
  }

  /**
   * Prepares several networks that train as one, each step of all of them in one graph.
   *
   * @throws BioflaxError as {@link create}, and where they differ in more than numbers.
   * @example
   * const networks = await CompiledNetwork.createReplicas({ replicas: [first, second], layout, batchSize: 32 });
   * const [one, other] = await networks.train(source, [rowsOfOne, rowsOfOther]);
   */
  static async createReplicas(setup: CompiledReplicasSetup): Promise<Replicas> {
    const { replicas, layout, batchSize, device = "cpu" } = setup;
    const trainables = replicas.map((given) => createTrainable(given));
    const { trainable, step } = checkReplicas("CompiledNetwork", trainables);
    const isOnProcessor = device === "cpu";
    const asOne = setup.asOne ?? (!isOnProcessor || trainsBestAsOne(trainable, batchSize));
    const threads = isOnProcessor ? platform.networkThreads(setup.threads) : 1;
    const shares = sharedOut(replicas, threads);
    const threadsOfEach = Math.floor(threads / shares.length);
    const hosts = await hostsFor(shares.length, setup);
    const end = async () => {
      for (const host of hosts) await host.end();
    };
    try {
      const blocks = asOne ? undefined : await blocksHere();
      const made = shares.map((share, i) => {
        const host = hosts[i] as SessionHost;
        const own = shares.length === 1 ? setup : { ...setup, threads: threadsOfEach };
        return CompiledNetwork.#createShare(share, own, { host, blocks, asOne });
      });
      const parts = await Promise.all(made);
      const { layers } = trainable.network;
      const calls = timedCalls({
        isSlow: isSlow(trainable, batchSize),
        layers: layers.length,
        milliseconds: STRETCH_MILLISECONDS,
      });
      return new ReplicaShares({
        ...{ shares: parts, batchSize, end },
        stretches: {
          took: calls.took,
          next: (most, observe) => (observe ? most : calls.next(most, () => 0)),
        },
        // Not the setup itself, whose weights would stay in memory.
        check: (source) => checkAlike(step, trainable, source, { layout, batchSize }),
      });
    } catch (error) {
      await end();
      throw error;
    }
  }

  /** Some replicas that train as one, or one after another with the same programs. */
  static async #createShare(
    replicas: CompiledReplicasSetup["replicas"],
    setup: CompiledReplicasSetup,
    { host, blocks, asOne }: Pick<CompiledReplicasSetup, "asOne"> & Hosted,
  ): Promise<ReplicaPart[]> {
    const createHere = sharingEqualModels(host.createSession);
    const partOf = (parts: NetworkParts<SessionTensor>, count: number): ReplicaPart => ({
      networks: new CompiledNetwork(setup, parts, {
        blocks,
        createSession: createHere,
      }).asReplicas(),
      count,
    });
    if (asOne) {
      const parts = await replicaParts("CompiledNetwork", { ...setup, replicas }, host.memory);
      return [partOf(parts, replicas.length)];
    }
    const { stepsTaken, layout, batchSize } = setup;
    const common = { stepsTaken, layout, batchSize };
    return Promise.all(
      replicas.map(async (own) =>
        partOf(await networkParts("CompiledNetwork", { ...own, ...common }, host.memory), 1),
      ),
    );
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
    const { build, perIteration } = this.#program(1, rows.length);
    const program = build(this.#sessions.context(source, rows.length));
    const resident = this.#sessions.residentOf(program);
    const delayed = this.takeErrors(source, rows);
    const feeds = await this.#feeds(source, rows, rows.length, { perIteration, delayed });
    return placementsOf(program.model, { ...this.#options, resident }, feeds);
  }

  /** Frees the sessions and what lies on the device. */
  override async dispose(): Promise<void> {
    await this.#sessions.release();
    await super.dispose();
  }

  protected stepsOfCall({ source, batch, left }: NextSteps): number {
    return this.#sizes.next(left, () => {
      const context = this.#sessions.context(source, batch);
      return trainingProgram(context, { unrolled: 1 }).nodes;
    });
  }

  protected async call(
    { source, batch, observe, delayed }: NextSteps,
    rows: Int32Array,
  ): Promise<CallResult> {
    const steps = rows.length / batch / this.count;
    const program = this.#program(steps, batch);
    this.#hasIterations ||= (program.perIteration ?? 1) > 1;
    const names = carriedNames(this.trainable, this.following);
    const alignment = observe ? await this.#align(source, rows, delayed) : [];
    if (this.#isLarge) await this.#sessions.keepOneOf(TRAINING, program.kind, source, batch);
    const { session } = await this.#sessions.get(program.kind, source, batch, program.build);
    const feeds = await this.#feeds(source, rows, batch, { ...program, delayed });
    const start = performance.now();
    const results = await session.run(feeds);
    if (batch === this.batchSize) this.#sizes.took(steps, performance.now() - start);
    this.state.advance(names, results, steps);
    const [losses, exampleErrors] = results
      .slice(names.length)
      .map(({ data }) => data as Float32Array);
    return { losses: Float64Array.from(losses as Float32Array), alignment, exampleErrors };
  }

  /** How each network's step of a batch is aligned, before it is taken. */
  async #align(
    source: Source,
    rows: Int32Array,
    delayed: Float32Array | undefined,
  ): Promise<AlignmentValues<number>[]> {
    const batch = rows.length / this.count;
    const { session, places } = await this.#sessions.get(
      ...(["alignment", source, batch, alignmentModel] as const),
    );
    const feeds = await this.#feeds(source, rows, batch, { perIteration: undefined });
    const results = await session.run({
      ...feeds,
      ...(await hostTensors(this.delayedFeed(delayed, batch, this.networks.axis))),
      rows: await this.#batchRows(rows),
    });
    return this.alignmentOf(
      places,
      results.map(({ data }) => data as Float32Array),
    );
  }

  /** The rows of one batch, of replicas each one's, as programs over one batch take them. */
  #batchRows(rows: Int32Array): Promise<SessionTensor> {
    const shape = [...this.networks.axis, rows.length / this.count];
    return hostTensor({ type: "int32", data: rows, shape });
  }

  protected async runBatch(
    kind: BatchProgramKind,
    source: Source,
    rows: Int32Array,
  ): Promise<BatchOutputs> {
    const batch = rows.length / this.count;
    const { session, observed } = await this.#sessions.get(kind, source, batch, (context) =>
      batchModel(kind, context),
    );
    const results = await session.run({
      ...(await this.sources.feeds(source)),
      ...this.state.feeds(),
      rows: await this.#batchRows(rows),
    });
    return { outputs: results.map(({ data }) => data as Float32Array), observed };
  }

  /** The program of a call, and what tells it from others. */
  #program(steps: number, batch: number) {
    const perIteration = this.#sizes.perIteration(steps);
    const isRare = this.#hasIterations && (perIteration === 1 || batch < this.batchSize);
    const unrolled = perIteration === undefined ? steps : undefined;
    const carried = carriedNames(this.trainable, this.following).length;
    return {
      kind: `${TRAINING} ${unrolled ?? ""} ${perIteration ?? ""}`,
      perIteration,
      build: (context: OnnxContext) => ({
        model: trainingProgram(context, { unrolled, perIteration }),
        ...{ carried, isRare },
      }),
    };
  }

  /** Everything a training program may take. */
  async #feeds(
    source: Source,
    rows: Int32Array,
    batch: number,
    { perIteration, delayed }: { perIteration: number | undefined } & Pick<NextSteps, "delayed">,
  ): Promise<Record<string, SessionTensor>> {
    const { axis } = this.networks;
    const count = rows.length / batch / this.count;
    const inputRows = (examples: number) => rowsOf(this.layout, this.network, examples);
    return {
      ...(await this.sources.feeds(source)),
      ...this.state.feeds(),
      ...(await hostTensors({
        ...stepFeeds(this.networks, {
          ...{ taken: this.state.stepsTaken, count, perIteration },
          batchRows: inputRows(batch),
          largestRows: inputRows(this.batchSize),
        }),
        remaining: floats(this.state.remainingAt(count).slice(0, count), [count]),
        rows: { type: "int32", data: rows, shape: [count, ...axis, batch] },
        ...this.delayedFeed(delayed, batch, [count, ...axis]),
      })),
    };
  }
}
