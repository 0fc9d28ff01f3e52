import type { Distribution } from "./distribution";

/** How values are searched for, as one writes it. */
export interface SearchInput {
  /** Who proposes them. */
  readonly with?: "optuna";
  /** How many proposals are tried. */
  readonly trials: number;
  /** Optuna's sampler by the name of its class without `Sampler`: `TPE` when left out. */
  readonly sampler?: string;
  /** Optuna's pruner by the name of its class without `Pruner`: none when left out. */
  readonly pruner?: string;
  /** The seed of the sampler; 0 when left out. */
  readonly seed?: number;
  /** A Python that has Optuna; `python3` when left out. */
  readonly python?: string;
}

/** How values are searched for, and among what. */
export interface SearchSpec extends SearchInput {
  /** What each setting's value is proposed from. */
  readonly space: Readonly<Record<string, Distribution>>;
}
