import {
  type BatchOutputs,
  type BatchProgramKind,
  carriedNames,
  FittingSteps,
  type HostArray,
  isSlow,
  type NetworkParts,
  type NetworkSetup,
  type NextSteps,
  networkParts,
  type Source,
  TracedNetwork,
  type TrainResult,
} from "@bioflax/compiler";
import type { AlignmentValues } from "@bioflax/metrics";
import type { PjrtBuffer } from "@bioflax/pjrt";
import { deviceMemoryOf, type Place } from "./place";
import { type Prepared, ProgramPool } from "./program-pool";
import { alignmentProgram, answeringProgram, mostSteps, trainingProgram } from "./programs";
import type { Program } from "./stablehlo/program";
import { offsetFeeds, stepFeeds } from "./step-feeds";

/** What a network in XLA is made from. */
export interface XlaNetworkSetup extends Place, NetworkSetup {}

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

  private constructor(setup: XlaNetworkSetup, parts: NetworkParts<PjrtBuffer>) {
    super(parts);
    this.#programs = new ProgramPool(setup);
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

  /** Frees the programs, and what lies on the device. */
  override async dispose(): Promise<void> {
    await this.#programs.release();
    await super.dispose();
  }

  protected stepsOfCall({ observe }: NextSteps, most: number): number {
    // Each step is observed before it is taken.
    const fitting = observe ? 1 : Math.min(this.#sizes.count, mostSteps(this.batchSize));
    return Math.min(most, Math.max(1, Math.floor(fitting)));
  }

  protected async call(next: NextSteps, rows: Int32Array): Promise<TrainResult> {
    const { source, batch, observe } = next;
    const alignment = observe ? [await this.#align(source, rows)] : [];
    const count = rows.length / batch;
    // The last, smaller batch is one step.
    const most = batch === this.batchSize ? mostSteps(batch) : 1;
    const context = this.sources.context(source, batch);
    const prepared = await this.#programs.get("training", context, (given) =>
      trainingProgram(given, most),
    );
    const allRows = new Int32Array(most * batch);
    allRows.set(rows);
    const { stepsTaken: taken } = this.state;
    const feeds = {
      rows: { type: "int32", data: allRows, shape: [most, batch] } as const,
      ...stepFeeds(this.trainable, { taken, count, most, seed: this.seed }),
    };
    await this.sources.feeds(source);
    const start = performance.now();
    const results = await this.#run(prepared, source, feeds);
    const names = carriedNames(this.trainable);
    this.state.advance(names, results, count);
    const [losses] = (await this.#take(results.slice(names.length))) as [Float32Array];
    if (batch === this.batchSize) this.#sizes.took(count, performance.now() - start);
    return { losses: Float64Array.from(losses.subarray(0, count)), alignment };
  }

  /** How the step of a batch is aligned, before it is taken: measured apart, so that it changes no bit of it. */
  async #align(source: Source, rows: Int32Array): Promise<AlignmentValues<number>> {
    const context = this.sources.context(source, rows.length);
    const prepared = await this.#programs.get("alignment", context, alignmentProgram);
    const { stepsTaken: taken } = this.state;
    const results = await this.#run(prepared, source, {
      rows: { type: "int32", data: rows, shape: [rows.length] },
      ...offsetFeeds(this.trainable, { taken, count: 1, most: 1, seed: this.seed }),
    });
    const values = await this.#take(results);
    return Object.fromEntries(
      prepared.program.observed.map((name, i) => [name, values[i]?.[0] as number]),
    );
  }

  protected async runBatch(
    kind: BatchProgramKind,
    source: Source,
    rows: Int32Array,
  ): Promise<BatchOutputs> {
    const context = this.sources.context(source, rows.length);
    const prepared = await this.#programs.get(kind, context, (given) =>
      answeringProgram(kind, given),
    );
    const results = await this.#run(prepared, source, {
      rows: { type: "int32", data: rows, shape: [rows.length] },
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
