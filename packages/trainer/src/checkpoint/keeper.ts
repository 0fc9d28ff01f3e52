import type { TrainingSnapshot } from "@bioflax/core";
import { describePlace, type Progress } from "@bioflax/runs";
import {
  type Checkpoint,
  type CheckpointOf,
  checkpointPath,
  encodeCheckpoint,
  type RunFolder,
} from "@bioflax/runs/node";
import type { Config } from "../config/schema";

/**
 * Epochs may take milliseconds, and bringing a file to the disk takes as long: at least so much lies between two
 * checkpoints.
 */
const LEAST_SECONDS = 1;

/** What a keeper works with. */
export interface KeeperSetup extends CheckpointOf {
  readonly config: Pick<Config, "checkpointEvery" | "checkpointSeconds">;
  readonly folder: RunFolder;
  /** What every checkpoint of the run says. */
  readonly about: Omit<Checkpoint["content"], "progress">;
}

/** Writes a run's checkpoints, when one is due. */
export class CheckpointKeeper {
  readonly #setup: KeeperSetup;
  #savedAt = performance.now();
  /** How many steps had been taken at the last one. */
  #saved: number | undefined;
  #last: Progress | undefined;
  /** The best epoch's, until it is written. */
  #best: Checkpoint | undefined;

  /** @param last the checkpoint that there is already. */
  constructor(setup: KeeperSetup, last?: Progress) {
    this.#setup = setup;
    this.#last = last;
  }

  /** Whether there is one but that of Ctrl-C. */
  get isOn(): boolean {
    return this.#setup.config.checkpointEvery > 0;
  }

  /** Whether one is due within an epoch. */
  get isDue(): boolean {
    const { checkpointSeconds } = this.#setup.config;
    return this.isOn && checkpointSeconds > 0 && this.#seconds >= checkpointSeconds;
  }

  /** Whether one is due after an epoch. */
  isDueAfter(epoch: number): boolean {
    const { checkpointEvery } = this.#setup.config;
    if (this.isDue) return true;
    return this.isOn && epoch % checkpointEvery === 0 && this.#seconds >= LEAST_SECONDS;
  }

  get #seconds(): number {
    return (performance.now() - this.#savedAt) / 1000;
  }

  /** Keeps what the best epoch so far has come to; it is written with the next checkpoint. */
  keepBest(snapshot: TrainingSnapshot, progress: Progress): void {
    this.#best = this.#checkpoint(snapshot, progress);
  }

  /**
   * Writes the checkpoint that the run goes on from, after the best one if that is new.
   *
   * @throws BioflaxError when one cannot be written; those of before are still there.
   */
  async save(snapshot: TrainingSnapshot, progress: Progress): Promise<void> {
    if (this.#saved === snapshot.stepsTaken && this.#best === undefined) return;
    const { folder } = this.#setup;
    const last = this.#checkpoint(snapshot, progress);
    // In this order: a run that goes on from the last one never misses the best of its epochs.
    if (this.#best !== undefined)
      await folder.writeCheckpoint("best", encodeCheckpoint(this.#setup, this.#best));
    this.#best = undefined;
    await folder.writeCheckpoint("last", encodeCheckpoint(this.#setup, last));
    this.#savedAt = performance.now();
    this.#saved = snapshot.stepsTaken;
    this.#last = progress;
  }

  /** What the run may go back to, as a sentence; nothing when there is nothing. */
  describeSaved(): string {
    const { folder } = this.#setup;
    return this.#last === undefined
      ? ""
      : `${checkpointPath(folder.path, "last")} is ${describePlace(this.#last)}, before that.`;
  }

  #checkpoint(snapshot: TrainingSnapshot, progress: Progress): Checkpoint {
    return { snapshot, content: { ...this.#setup.about, progress } };
  }
}
