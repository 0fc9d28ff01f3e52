import type { EpochRecord } from "@bioflax/runs";
import type { Config } from "../../config/schema";

/** A run that a worker is to train, or to go on with. */
export interface AssignedRun {
  readonly folder: string;
  readonly config: Config;
}

/** How a worker's training of a run ended. */
export type Outcome =
  /** All epochs are done. */
  | { readonly kind: "done" }
  /** Its loss was no longer finite: a result, as it would come to the same again. */
  | { readonly kind: "diverged"; readonly error: string }
  /** It was stopped, and is saved. */
  | { readonly kind: "interrupted" }
  /** Another process is training it. */
  | { readonly kind: "taken"; readonly by: string }
  /** It cannot be trained, or its process died. */
  | { readonly kind: "failed"; readonly error: string };

/** What a process is to measure, in place of training. */
export interface Measured {
  /** Seconds until the first step. */
  readonly startSeconds: number;
  /** Seconds an epoch takes, of replicas of all of them, evaluation included. */
  readonly epochSeconds: number;
  /** The most memory the process had. */
  readonly peakBytes: number;
}

/** Runs that a worker is to train, one after another or as replicas of one another. */
export interface AssignedTask {
  readonly runs: readonly AssignedRun[];
  readonly asReplicas?: true | undefined;
}

/** What a worker is told. */
export type ToWorker =
  | ({ readonly type: "task" } & AssignedTask)
  /** Stop the run in a folder, and save it; go on with the next. */
  | { readonly type: "stopRun"; readonly folder: string }
  /** Find out how long such a run takes, or several as replicas of one another. */
  | { readonly type: "measure"; readonly configs: readonly Config[] }
  /** Stop, save, and end. */
  | { readonly type: "stop" };

/** What a worker tells. */
export type FromWorker =
  /** @param share how much of the run is done: from 0, or from where it goes on. */
  | { readonly type: "progress"; readonly folder: string; readonly share: number }
  | { readonly type: "epoch"; readonly folder: string; readonly record: EpochRecord }
  | { readonly type: "warning"; readonly folder: string; readonly text: string }
  | {
      readonly type: "ended";
      readonly folder: string;
      readonly outcome: Outcome;
      /** Seconds of this process. */
      readonly seconds: number;
      /** The most memory the process had so far. */
      readonly peakBytes: number;
    }
  /** All runs of the task have ended. */
  | { readonly type: "idle" }
  | { readonly type: "measured"; readonly result: Measured | { readonly error: string } };
