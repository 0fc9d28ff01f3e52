import type { ConfigRecord } from "./config-record";
import type { EpochRecord, Summary } from "./records";
import type { RobustnessRecord } from "./robustness-record";

/** A run, as its folder holds it. */
export interface StoredRun<C = ConfigRecord> {
  /** The folder. */
  readonly path: string;
  /** The settings: as the file has them; or with all that they stand for, where whoever reads the run knows that. */
  readonly config: C;
  /** The completed epochs; measurements that were not finite are NaN. */
  readonly records: readonly EpochRecord[];
  /** How it ended; missing of a run that is still going on, or was killed. */
  readonly summary?: Summary;
  /** What attacks on its network came to; missing where nobody attacked it. */
  readonly robustness?: readonly RobustnessRecord[];
}
