import { BioflaxError } from "@bioflax/core";
import type { Split } from "@bioflax/datasets";
import type { Evaluation } from "@bioflax/metrics";
import type { Engine, EngineSetup, EpochOptions, EpochResult } from "../engine";
import type { ReplicasEngine } from "./replicas-engine";

/** What a replica asks for and waits for. */
interface Waiting<Asked, Answer> {
  readonly asked: Asked;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

type Epoch = { readonly rows: Int32Array; readonly options: EpochOptions };

/**
 * Replicas in training, each as an engine of its own: whoever trains one need not know of the others.
 *
 * What has to be done for all at once, training and evaluation, waits until all have asked for it. A replica that is
 * disposed of is not waited for any longer.
 */
export class Lanes {
  readonly #engine: ReplicasEngine;
  readonly #setups: readonly EngineSetup[];
  /** Those that go on. */
  readonly #live: Set<number>;
  readonly #epochs = new Map<number, Waiting<Epoch, EpochResult>>();
  readonly #evaluations = new Map<number, Waiting<Split, Evaluation>>();
  #isBusy = false;

  /** @param setups what each replica was set up with. */
  constructor(engine: ReplicasEngine, setups: readonly EngineSetup[]) {
    this.#engine = engine;
    this.#setups = setups;
    this.#live = new Set(setups.keys());
  }

  /** One replica as an engine. */
  lane(replica: number): Engine {
    const engine = this.#engine;
    const { name, device, why, threads, versions } = engine;
    return {
      ...{ name, device, why, threads, versions },
      replicas: this.#setups.length,
      trainEpoch: (rows, options) => this.#ask(this.#epochs, replica, { rows, options }),
      evaluate: (split) => this.#ask(this.#evaluations, replica, split),
      predict: (split, rows) => engine.predict(replica, split, rows),
      weights: () => engine.weights(replica),
      snapshot: () => engine.snapshot(replica),
      dispose: () => this.#leave(replica),
    };
  }

  #ask<Asked, Answer>(
    waiting: Map<number, Waiting<Asked, Answer>>,
    replica: number,
    asked: Asked,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      waiting.set(replica, { asked, resolve, reject });
      this.#goOn();
    });
  }

  async #leave(replica: number): Promise<void> {
    this.#live.delete(replica);
    if (this.#live.size === 0) await this.#engine.dispose();
    else this.#goOn();
  }

  /** Does what all that go on are waiting for. */
  #goOn(): void {
    const areWaiting = this.#epochs.size + this.#evaluations.size === this.#live.size;
    if (this.#isBusy || !areWaiting || this.#live.size === 0) return;
    this.#isBusy = true;
    const isEvaluation = this.#evaluations.size > 0;
    const done = isEvaluation ? this.#evaluate() : this.#train();
    done.finally(() => {
      this.#isBusy = false;
      this.#goOn();
    });
  }

  #evaluate(): Promise<void> {
    return this.#answer(this.#evaluations, (splits) => this.#engine.evaluate(splits));
  }

  #train(): Promise<void> {
    return this.#answer(this.#epochs, async (epochs, asked) => {
      const lengths = new Set(epochs.map(({ rows }) => rows.length));
      if (lengths.size > 1)
        throw new BioflaxError(
          `Replicas: expected as many examples of each to train on, received ${[...lengths].join(" and ")}.`,
        );
      const signals = asked.flatMap(({ options: { signal } }) => signal ?? []);
      return this.#engine.trainEpoch(
        epochs.map(({ rows }) => rows),
        {
          examples: epochs.map(
            ({ options }, replica) =>
              options.examples ?? (this.#setups[replica] as EngineSetup).dataset.train.examples,
          ),
          alignmentBatches: Math.max(...asked.map(({ options }) => options.alignmentBatches)),
          // A setting of all of them alike, as all are one network but for numbers.
          alignEvery: asked[0]?.options.alignEvery,
          onProgress: (examples, losses) => {
            epochs.forEach(({ options }, replica) => {
              if (this.#live.has(replica))
                options.onProgress?.(examples, losses[replica] as Float64Array);
            });
          },
          signal: AbortSignal.any(signals),
        },
      );
    });
  }

  /**
   * Answers those that wait, of whom some may have left meanwhile.
   *
   * @param answers for all replicas: in place of one that has left stands another's question.
   */
  async #answer<Asked, Answer>(
    waiting: Map<number, Waiting<Asked, Answer>>,
    answers: (every: readonly Asked[], asked: readonly Asked[]) => Promise<readonly Answer[]>,
  ): Promise<void> {
    const all = [...waiting];
    waiting.clear();
    const asked = new Map(all.map(([replica, one]) => [replica, one.asked]));
    const another = all[0]?.[1].asked as Asked;
    const every = this.#setups.map((_, replica) => asked.get(replica) ?? another);
    try {
      const results = await answers(every, [...asked.values()]);
      for (const [replica, { resolve }] of all) resolve(results[replica] as Answer);
    } catch (error) {
      for (const [, { reject }] of all) reject(error);
    }
  }
}
