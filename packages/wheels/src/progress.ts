/** What an installation is doing. */
export interface Progress {
  /** In words: "downloads ninja-1.13.0-py3-none-….whl". */
  readonly what: string;
  /** How much of it is done, and of how much, in bytes; where that is known. */
  readonly done?: number;
  readonly total?: number;
}

/** Told what an installation is doing: when that changes, and about twice a second while it downloads. */
export type OnProgress = (progress: Progress) => void;
