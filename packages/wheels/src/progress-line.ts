import type { Progress } from "./progress";

/** What progress is shown on. */
interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

const CLEAR_LINE = "\r\x1b[2K";
const megabytes = (bytes: number) => (bytes / 1e6).toFixed(0);

/** What an installation is doing: on the last line of a terminal, elsewhere a line whenever that changes. */
export class ProgressLine {
  #what = "";
  #isShown = false;

  constructor(private readonly output: Output) {}

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
