import {
  type BatchOutputs,
  type BatchProgramKind,
  type CallResult,
  carriedNames,
  checkAlike,
  checkReplicas,
  FittingSteps,
  type HostArray,
  isSlow,
  type NetworkParts,
  type NetworkSetup,
  type NextSteps,
  networkParts,
  ReplicaShares,
  type Replicas,
  type ReplicasSetup,
  replicaParts,
  rowsOf,
  type Source,
  sharedMemory,
  TracedNetwork,
} from "@bioflax/compiler";
import { createTrainable, sizeOf } from "@bioflax/core";
import type { AlignmentValues } from "@bioflax/metrics";
import type { PjrtBuffer } from "@bioflax/pjrt";
import { deviceMemoryOf, type Place, targetOf } from "./place";
import { Executables, type Prepared, ProgramPool } from "./program-pool";
import { aligningProgram, answeringProgram, mostSteps, trainingProgram } from "./programs";
import type { Program } from "./stablehlo/program";
import { offsetFeeds, stepFeeds } from "./step-feeds";

/** What a network in XLA is made from. */
export interface XlaNetworkSetup extends Place, NetworkSetup {}

/** What networks that train as one in XLA are made from. */
export interface XlaReplicasSetup extends Place, ReplicasSetup {
  /**
   * Whether all steps of all of them are one loop, or each trains by a call of its own, beside the others; when left out
   * as one, but on a processor each by itself, where products of several pairs take longer, and calls have a thread each.
   */
  readonly asOne?: boolean | undefined;
}

/** How long replicas train between two times that they wait for each other. */
const STRETCH_MILLISECONDS = 1000;

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
export class XlaNetwork extends TracedNetwork<PjrtBuffer> {
  readonly #programs: ProgramPool;
  readonly #sizes: FittingSteps;
  /** The most steps that there have been to take at a time. */
  #wanted = 0;

  /** What is freed with it. */
  readonly #own: Executables | undefined;

  /** @param shared compiled programs that others use as well; its own when left out. */
  private constructor(setup: Place, parts: NetworkParts<PjrtBuffer>, shared?: Executables) {
    super(parts);
    this.#own = shared === undefined ? new Executables(setup) : undefined;
    this.#programs = new ProgramPool(setup, shared ?? (this.#own as Executables));
    this.#sizes = new FittingSteps({ isSlow: isSlow(this.trainable, this.batchSize) });
  }

  /**
   * Prepares a network; programs are compiled when they are first needed.
   *
   * @throws BioflaxError for a spec that is wrong, a rule its loss does not suit, weights or a layout that do not fit
   *   it.
   */
  static async create(setup: XlaNetworkSetup): Promise<XlaNetwork> {
    return new XlaNetwork(setup, await networkParts("XlaNetwork", setup, deviceMemoryOf(setup)));
  }

  /**
   * Prepares several networks that train as one, all steps of all of them in one loop.
   *
   * @throws BioflaxError as {@link create}, and where they differ in more than numbers.
   * @example
   * const networks = await XlaNetwork.createReplicas({ client, replicas: [first, second], layout, batchSize: 32 });
   * const [one, other] = await networks.train(source, [rowsOfOne, rowsOfOther]);
   */
  static async createReplicas(setup: XlaReplicasSetup): Promise<Replicas> {
    const { replicas, stepsTaken, layout, batchSize } = setup;
    if (setup.asOne ?? !targetOf(setup).isProcessor) {
      const parts = await replicaParts("XlaNetwork", setup, deviceMemoryOf(setup));
      return new XlaNetwork(setup, parts).asReplicas();
    }
    const trainables = replicas.map((given) => createTrainable(given));
    const { trainable, step } = checkReplicas("XlaNetwork", trainables);
    const memory = sharedMemory(deviceMemoryOf(setup));
    // Not the setup itself, whose weights would stay in memory.
    const { client, device, xlaOptions, cache } = setup;
    const place: Place = { client, device, xlaOptions, cache };
    const executables = new Executables(place);
    const shares = await Promise.all(
      replicas.map(async (given) => {
        const own = { ...given, stepsTaken, layout, batchSize };
        const parts = await networkParts("XlaNetwork", own, memory);
        return [{ networks: new XlaNetwork(place, parts, executables).asReplicas(), count: 1 }];
      }),
    );
    const fitting = new FittingSteps({
      isSlow: isSlow(trainable, batchSize),
      milliseconds: STRETCH_MILLISECONDS,
    });
    return new ReplicaShares({
      ...{ shares, batchSize },
      stretches: {
        next: (most, observe) =>
          observe ? most : Math.min(most, Math.max(1, Math.floor(fitting.count))),
        took: (steps, milliseconds) => fitting.took(steps, milliseconds),
      },
      check: (source) => checkAlike(step, trainable, source, { layout, batchSize }),
      end: () => executables.release(),
    });
  }

  /** Frees the programs, and what lies on the device. */
  override async dispose(): Promise<void> {
    await this.#own?.release();
    await super.dispose();
  }

  protected stepsOfCall({ batch, left, toCome }: NextSteps): number {
    this.#wanted = Math.max(this.#wanted, toCome);
    return Math.min(left, this.#held(batch), Math.max(1, Math.floor(this.#sizes.count)));
  }

  /** How many rows the largest batch comes to, examples of several rows flattened. */
  get #largestRows(): number {
    return rowsOf(this.layout, this.network, this.batchSize);
  }

  protected async call(next: NextSteps, rows: Int32Array): Promise<CallResult> {
    const { source, batch, observe, delayed } = next;
    const { axis } = this.networks;
    const count = rows.length / batch / this.count;
    const context = this.sources.context(source, batch);
    const most = this.#held(batch);
    // Both programs are compiled at the same time; whichever fails, the other's failure is not left unheard.
    const [prepared, alignment] = await Promise.all([
      this.#programs.get(`training ${most}`, context, (given, target) =>
        trainingProgram(given, target, most),
      ),
      observe ? this.#align(source, rows, delayed) : [],
    ]);
    const allRows = new Int32Array(most * this.count * batch);
    allRows.set(rows);
    const steps = { taken: this.state.stepsTaken, count, most, largestRows: this.#largestRows };
    const feeds = {
      rows: { type: "int32", data: allRows, shape: [most, ...axis, batch] } as const,
      ...stepFeeds(this.networks, steps),
      ...this.delayedFeed(delayed, batch, [most, ...axis]),
    };
    await this.sources.feeds(source);
    const start = performance.now();
    const results = await this.#run(prepared, source, feeds);
    const names = carriedNames(this.trainable);
    this.state.advance(names, results, count);
    const taken = await this.#take(results.slice(names.length));
    const losses = taken.at(-1) as Float32Array;
    if (batch === this.batchSize) this.#sizes.took(count, performance.now() - start);
    return {
      losses: Float64Array.from(losses.subarray(0, count * this.count)),
      alignment,
      exampleErrors: delayed && (taken[0] as Float32Array).subarray(0, delayed.length),
    };
  }

  /** The most steps that a call of batches of a size may take. */
  #held(batch: number): number {
    const rowsOfAll = { batch: batch * this.count, largestBatch: this.batchSize * this.count };
    const errors = sizeOf(this.errorsShape(batch) ?? [0]) * this.count;
    return mostSteps(rowsOfAll, this.#wanted, errors);
  }

  /** How each step of a batch is aligned, before it is taken: measured apart, so that it changes no bit of it. */
  async #align(
    source: Source,
    rows: Int32Array,
    delayed: Float32Array | undefined,
  ): Promise<AlignmentValues<number>[]> {
    const batch = rows.length / this.count;
    const context = this.sources.context(source, batch);
    const prepared = await this.#programs.get("alignment", context, aligningProgram);
    const { stepsTaken: taken } = this.state;
    const steps = { taken, count: 1, most: 1, largestRows: this.#largestRows };
    const results = await this.#run(prepared, source, {
      rows: { type: "int32", data: rows, shape: [...this.networks.axis, batch] },
      ...offsetFeeds(this.networks, steps),
      ...this.delayedFeed(delayed, batch, this.networks.axis),
    });
    return this.alignmentOf(prepared.program.places, await this.#take(results));
  }

  protected async runBatch(
    kind: BatchProgramKind,
    source: Source,
    rows: Int32Array,
  ): Promise<BatchOutputs> {
    const batch = rows.length / this.count;
    const context = this.sources.context(source, batch);
    const prepared = await this.#programs.get(kind, context, (given, target) =>
      answeringProgram(kind, given, target),
    );
    const results = await this.#run(prepared, source, {
      rows: { type: "int32", data: rows, shape: [...this.networks.axis, batch] },
    });
    return { outputs: await this.#take(results), observed: prepared.program.observed };
  }

  /** Runs a program on the state, a source and what is given for this call. */
  async #run(
    { program, executable }: Prepared<Program>,
    source: Source,
    given: Readonly<Record<string, HostArray>>,
  ): Promise<PjrtBuffer[]> {
    const feeds: Record<string, PjrtBuffer> = {};
    try {
      for (const [name, array] of Object.entries(given))
        feeds[name] = await this.memory.upload(array);
      const buffers = { ...this.state.feeds(), ...(await this.sources.feeds(source)), ...feeds };
      return await executable.execute(
        program.arguments.map(({ name }) => buffers[name] as PjrtBuffer),
      );
    } finally {
      for (const buffer of Object.values(feeds)) this.memory.free(buffer);
    }
  }

  /** Brings results from the device, where they are freed. */
  async #take(results: readonly PjrtBuffer[]): Promise<Float32Array[]> {
    const values = await Promise.all(results.map((result) => this.memory.download(result)));
    for (const result of results) this.memory.free(result);
    return values;
  }
}
