import type { ConfigInput } from "../../config/schema";
import type { ConfigSource } from "../../resolve/resolve";
import type { SlurmSpec } from "../slurm/slurm-spec";
import type { Condition } from "./condition";
import type { Distribution } from "./distribution";
import type { Goal } from "./goal";
import type { ReplicaChoice } from "./replica-choice";
import type { SearchInput, SearchSpec } from "./search-spec";

/** Values of some settings that stand together. */
export interface Point {
  /** By setting. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The config files that come before them, and what they are called. */
  readonly recipe?: { readonly name: string; readonly sources: readonly ConfigSource[] };
}

/** Points of which each run has one. */
export interface Axis {
  /** Where it stands, as errors say it: `sweep.yaml: product`. */
  readonly place: string;
  /** The folder its paths are relative to; the working directory when left out. */
  readonly folder?: string | undefined;
  /** The settings it has values of. */
  readonly keys: readonly string[];
  readonly points: readonly Point[];
  /** The settings whose values are spread over powers of ten. */
  readonly log: ReadonlySet<string>;
}

/** What is to be drawn at random: each draw is a point of an axis. */
export interface RandomSpec {
  readonly seed: number;
  readonly draws: number;
  readonly settings: Readonly<Record<string, Distribution>>;
}

/** How the runs of a sweep are executed, where the file says so. */
export interface Execution {
  readonly jobs?: number;
  readonly retries?: number;
  readonly maxFailures?: number;
}

/** A sweep, read and checked for what can be seen without its runs' settings. */
export interface SweepSpec {
  readonly name: string;
  /** What errors call it: its file. */
  readonly file: string;
  /** Settings of every run, from the weakest to the strongest: files, then what the sweep sets itself. */
  readonly base: { readonly files: readonly ConfigSource[]; readonly own: readonly ConfigSource[] };
  readonly axes: readonly Axis[];
  readonly exclude: readonly Condition[];
  /** What runs are compared by. */
  readonly metric?: string;
  /** Where that is said. */
  readonly metricPlace: string;
  readonly goal?: Goal;
  readonly execution: Execution;
  /** Which runs train as replicas; `auto` when left out. */
  readonly replicas?: ReplicaChoice;
  readonly search?: SearchSpec;
  readonly slurm?: SlurmSpec;
}

/** A sweep as one writes it, in a file or from code. */
export interface SweepInput {
  /** What it is called; the name of its file when left out. */
  readonly name?: string;
  /** Settings of every run; `extends` names config files that come before them. */
  readonly base?: ConfigInput & { readonly extends?: string | readonly string[] };
  /** Lists of values by setting: every combination is a run. `extends` takes lists of config files. */
  readonly product?: Readonly<Record<string, readonly unknown[]>>;
  /** Lists of the same length by setting: their first values stand together, and so on. */
  readonly zip?: Readonly<Record<string, readonly unknown[]>>;
  /** Values drawn at random. */
  readonly random?: {
    /** How many points are drawn. */
    readonly draws: number;
    /** 0 when left out. */
    readonly seed?: number;
    /** Lists of choices, or `{ uniform: [from, to] }`, `{ logUniform: … }`, `{ integers: … }`, by setting. */
    readonly settings: Readonly<Record<string, unknown>>;
  };
  /** The seeds of every combination: `"0..4"`, or a list. */
  readonly seeds?: string | number | readonly number[];
  /** Runs to leave out: those that have all the values of one of these. */
  readonly exclude?: readonly Readonly<Record<string, unknown>>[];
  /** What runs are compared by, such as `val.accuracy`. */
  readonly metric?: string;
  /** Whether more or less of it is better; known of losses, accuracies and angles. */
  readonly goal?: Goal;
  /** How many runs go on beside each other. */
  readonly jobs?: number;
  /** How often a run that died is started again. */
  readonly retries?: number;
  /** After how many failed runs the sweep ends. */
  readonly maxFailures?: number;
  /**
   * Which runs that share a graph train as replicas of one another: those that gain by it (`auto`, when left out), all,
   * or none. Not of a search.
   */
  readonly replicas?: ReplicaChoice;
  /** Has the values under `random` proposed by an optimizer instead of drawn. */
  readonly search?: SearchInput;
  /** How it is laid out on a Slurm cluster. */
  readonly slurm?: SlurmSpec;
}
