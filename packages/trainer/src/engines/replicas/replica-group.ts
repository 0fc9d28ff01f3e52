import type { Engine, EngineFactory, EngineSetup } from "../engine";
import { Lanes } from "./lanes";
import type { ReplicasEngineFactory } from "./replicas-engine";

/** A replica that waits for its engine. */
interface Waiting {
  readonly setup: EngineSetup;
  readonly resolve: (engine: Engine) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Replicas that are started each by itself, and share an engine once all are ready for one.
 *
 * Those that have gone through as many steps, on as many threads, go on together; of a group whose checkpoints are of
 * different steps, since it was killed between two of them, each part by itself.
 */
export class ReplicaGroup {
  readonly #createReplicas: ReplicasEngineFactory;
  readonly #createEngine: EngineFactory;
  readonly #expected: Set<number>;
  readonly #waiting = new Map<number, Waiting>();
  readonly #started = new Set<number>();

  /**
   * @param count how many there are.
   * @param createEngine for a replica that asks for another engine, to find out where it went wrong.
   */
  constructor(count: number, createReplicas: ReplicasEngineFactory, createEngine: EngineFactory) {
    this.#createReplicas = createReplicas;
    this.#createEngine = createEngine;
    this.#expected = new Set(Array.from({ length: count }, (_, replica) => replica));
  }

  /** How a replica starts its engine. */
  factoryFor(replica: number): EngineFactory {
    return (setup) => {
      if (this.#started.has(replica)) return this.#createEngine(setup);
      this.#started.add(replica);
      return new Promise((resolve, reject) => {
        this.#waiting.set(replica, { setup, resolve, reject });
        this.#startIfReady();
      });
    };
  }

  /** Is told that a replica has come to its end, perhaps before it had an engine: it is not waited for. */
  ended(replica: number): void {
    this.#expected.delete(replica);
    this.#startIfReady();
  }

  #startIfReady(): void {
    if (this.#waiting.size === 0 || this.#waiting.size < this.#expected.size) return;
    const all = [...this.#waiting.entries()].sort(([a], [b]) => a - b).map(([, one]) => one);
    this.#waiting.clear();
    this.#expected.clear();
    const parts = new Map<string, Waiting[]>();
    for (const one of all) {
      const { stepsTaken = 0, device, threads } = one.setup;
      const key = JSON.stringify([stepsTaken, device, threads]);
      parts.set(key, [...(parts.get(key) ?? []), one]);
    }
    for (const part of parts.values()) void this.#start(part);
  }

  async #start(part: readonly Waiting[]): Promise<void> {
    try {
      const setups = part.map(({ setup }) => setup);
      const lanes = new Lanes(await this.#createReplicas(setups), setups);
      part.forEach(({ resolve }, replica) => {
        resolve(lanes.lane(replica));
      });
    } catch (error) {
      for (const { reject } of part) reject(error);
    }
  }
}
