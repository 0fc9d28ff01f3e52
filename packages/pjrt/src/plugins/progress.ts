/** What an installation is doing. */
export interface Progress {
  /** In words: "downloads jax_cuda13_pjrt-0.12.0.1-….whl". */
  readonly what: string;
  /** How much of it is done, and of how much, in bytes; where that is known. */
  readonly done?: number;
  readonly total?: number;
}

/** Told what an installation is doing: when that changes, and about twice a second while it downloads. */
export type OnProgress = (progress: Progress) => void;

const CLEAR_LINE = "\r\x1b[2K";
const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);

/** Shows progress: on the last line of a terminal, elsewhere as a line whenever that changes. */
export class ProgressLine {
  #what = "";
  #isShown = false;

  constructor(
    private readonly output: { write(text: string): unknown; readonly isTTY?: boolean | undefined },
  ) {}

  show({ what, done, total }: Progress): void {
    const isNew = what !== this.#what;
    this.#what = what;
    if (!this.output.isTTY) {
      if (isNew) this.output.write(`${what} …\n`);
      return;
    }
    const share =
      done === undefined || total === undefined
        ? ""
        : ` ${megabytes(done)} of ${megabytes(total)} MB`;
    this.output.write(`${CLEAR_LINE}${what}${share} …`);
    this.#isShown = true;
  }

  /** Removes it, so that a line can be printed in its place. */
  end(): void {
    if (this.#isShown) this.output.write(CLEAR_LINE);
    this.#isShown = false;
  }
}
