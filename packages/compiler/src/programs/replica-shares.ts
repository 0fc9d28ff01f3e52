import { BioflaxError, type TrainingSnapshot, type Weights } from "@bioflax/core";
import type { Evaluation } from "@bioflax/metrics";
import { checkAlignmentSteps, checkRowsOfAll } from "./checks";
import type { Replicas } from "./replica-networks";
import type { Source } from "./source";
import type { TrainReplicasOptions, TrainResult } from "./traced-network";

/** Some of the replicas, in their order. */
export interface ReplicaPart {
  readonly networks: Replicas;
  readonly count: number;
}

/** All of some things in as many shares as are wanted, or one each where there are fewer. */
export function sharedOut<Thing>(all: readonly Thing[], wanted: number): Thing[][] {
  const count = Math.max(1, Math.min(wanted, all.length));
  const start = (share: number) => Math.round((share * all.length) / count);
  return Array.from({ length: count }, (_, share) => all.slice(start(share), start(share + 1)));
}

/** A part with the number of its first replica. */
type PlacedPart = ReplicaPart & { readonly first: number };

/** How many steps are taken between two times that all parts wait for each other. */
interface Stretches {
  next(most: number, observe: boolean): number;
  took(steps: number, milliseconds: number): void;
}

/** What shares of replicas are made from. */
export interface ReplicaSharesSetup {
  /** Of each share, its parts, one after another the replicas in order: shares train beside each other, parts in turn. */
  readonly shares: readonly (readonly ReplicaPart[])[];
  readonly batchSize: number;
  readonly stretches: Stretches;
  /** Checks, of a source that has not been trained on, that all do the same with it. */
  readonly check: (source: Source) => void;
  /** Called when all parts have been disposed of. */
  readonly end: () => Promise<void>;
}

/**
 * Replicas of which some train beside others, each share in a thread of its own, or one after another.
 *
 * All take the same stretch of steps before any goes on to the next, so that they are told of, and stopped, at the same
 * step.
 */
export class ReplicaShares implements Replicas {
  readonly #setup: ReplicaSharesSetup;
  readonly #parts: readonly PlacedPart[];
  readonly #checked = new WeakSet<Source>();
  #isTraining = false;

  constructor(setup: ReplicaSharesSetup) {
    this.#setup = setup;
    let first = 0;
    this.#parts = setup.shares.flat().map((part) => {
      const placed = { ...part, first };
      first += part.count;
      return placed;
    });
  }

  get network() {
    return (this.#parts[0] as ReplicaPart).networks.network;
  }

  async train(
    source: Source,
    rows: readonly Int32Array[],
    options: TrainReplicasOptions = {},
  ): Promise<TrainResult[]> {
    if (this.#isTraining)
      throw new BioflaxError("Replicas: they are training already; await that call first.");
    this.#isTraining = true;
    try {
      return await this.#train(source, rows, options);
    } finally {
      this.#isTraining = false;
    }
  }

  async #train(
    source: Source,
    rows: readonly Int32Array[],
    { alignmentBatches = 0, alignEvery, onProgress, signal, exampleNumbers }: TrainReplicasOptions,
  ): Promise<TrainResult[]> {
    const { batchSize, stretches, check } = this.#setup;
    const count = this.#parts.reduce((sum, part) => sum + part.count, 0);
    checkRowsOfAll("Replicas", rows, count);
    checkAlignmentSteps("Replicas", { alignmentBatches, alignEvery });
    if (!this.#checked.has(source)) check(source);
    this.#checked.add(source);
    const { length } = rows[0] as Int32Array;
    const losses = rows.map(() => new Float64Array(Math.ceil(length / batchSize)));
    const alignment = rows.map((): TrainResult["alignment"] => []);
    let steps = 0;
    for (let position = 0; position < length && signal?.aborted !== true; ) {
      const left = Math.ceil((length - position) / batchSize);
      const first = alignEvery === undefined ? alignmentBatches - steps : 0;
      const observed = Math.min(left, Math.max(0, first));
      const taken = stretches.next(observed > 0 ? observed : left, observed > 0);
      const end = Math.min(length, position + taken * batchSize);
      const start = performance.now();
      const cut = (all: readonly Int32Array[]) => all.map((some) => some.subarray(position, end));
      const results = await this.#each((networks, own) =>
        networks.train(source, cut(own(rows)), {
          ...{ alignmentBatches: observed, alignEvery, stepsToCome: left - taken },
          exampleNumbers: exampleNumbers && cut(own(exampleNumbers)),
        }),
      );
      if (observed === 0) stretches.took(taken, performance.now() - start);
      results.forEach((result, replica) => {
        losses[replica]?.set(result.losses, steps);
        alignment[replica]?.push(...result.alignment);
      });
      position = end;
      steps += taken;
      onProgress?.(
        position,
        results.map((result) => result.losses),
      );
    }
    return losses.map((own, replica) => ({
      losses: own.subarray(0, steps),
      alignment: alignment[replica] as TrainResult["alignment"],
    }));
  }

  evaluate(source: Source, rows: readonly Int32Array[]): Promise<Evaluation[]> {
    return this.#each((networks, own) => networks.evaluate(source, own(rows)));
  }

  predict(source: Source, rows: readonly Int32Array[]): Promise<Float32Array[]> {
    return this.#each((networks, own) => networks.predict(source, own(rows)));
  }

  predictOne(replica: number, source: Source, rows: Int32Array): Promise<Float32Array> {
    const { networks, first } = this.#partOf(replica);
    return networks.predictOne(replica - first, source, rows);
  }

  weights(replica: number): Promise<Weights> {
    const { networks, first } = this.#partOf(replica);
    return networks.weights(replica - first);
  }

  snapshot(replica: number): Promise<TrainingSnapshot> {
    const { networks, first } = this.#partOf(replica);
    return networks.snapshot(replica - first);
  }

  async dispose(): Promise<void> {
    for (const { networks } of this.#parts) await networks.dispose();
    await this.#setup.end();
  }

  #partOf(replica: number): PlacedPart {
    const isIts = ({ first, count }: PlacedPart) => replica >= first && replica < first + count;
    return this.#parts.find(isIts) as PlacedPart;
  }

  /** What all parts give for their replicas, in the replicas' order. @param ask is told which of all are its own. */
  async #each<Result>(
    ask: (
      networks: Replicas,
      own: <Value>(all: readonly Value[]) => readonly Value[],
    ) => Promise<Result[]>,
  ): Promise<Result[]> {
    let next = 0;
    const shares = this.#setup.shares.map(async (share) => {
      const parts = share.map(() => this.#parts[next++] as PlacedPart);
      const results: Result[] = [];
      for (const { networks, first, count } of parts)
        results.push(...(await ask(networks, (all) => all.slice(first, first + count))));
      return results;
    });
    return (await Promise.all(shares)).flat();
  }
}
