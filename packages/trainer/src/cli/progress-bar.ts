import type { Colors } from "./colors";
import { count, duration } from "./format";
import type { Output } from "./io";

const WIDTH = 28;
const REDRAW_MILLISECONDS = 100;
const CLEAR_LINE = "\r\x1b[2K";

/** A bar on the last line of a terminal; nothing on anything else. */
export class ProgressBar {
  #start = 0;
  #drawnAt = Number.NEGATIVE_INFINITY;
  #label = "";
  #total = 0;
  #visible = false;

  constructor(
    private readonly output: Output,
    private readonly colors: Colors,
  ) {}

  /** Starts from nothing. @param total how many there are to do. */
  start(label: string, total: number): void {
    this.#label = label;
    this.#total = total;
    this.#start = performance.now();
    this.#drawnAt = Number.NEGATIVE_INFINITY;
    this.update(0);
  }

  /** Shows how many are done, with a note or else the speed and the time left, at most ten times a second. */
  update(done: number, note?: string): void {
    const now = performance.now();
    if (now - this.#drawnAt < REDRAW_MILLISECONDS) return;
    this.#draw(now, done / this.#total, note ?? this.#speed(done, (now - this.#start) / 1000));
  }

  /** Shows the full bar and a word on what is happening now. */
  full(what: string): void {
    this.#draw(performance.now(), 1, what);
  }

  /** Removes the bar, so that a line can be printed in its place. */
  clear(): void {
    if (this.#visible) this.output.write(CLEAR_LINE);
    this.#visible = false;
  }

  #speed(done: number, seconds: number): string {
    if (done === 0) return "";
    return `${count(done / seconds)} examples/s  ${duration(((this.#total - done) * seconds) / done)} left`;
  }

  #draw(now: number, share: number, note: string): void {
    if (!this.output.isTTY) return;
    const { cyan, dim } = this.colors;
    const filled = Math.round(share * WIDTH);
    const bar = cyan("━".repeat(filled)) + dim("─".repeat(WIDTH - filled));
    const percentage = `${Math.floor(share * 100)} %`.padStart(5);
    // A line that wraps could not be cleared.
    const room = (this.output.columns || 80) - this.#label.length - WIDTH - percentage.length - 5;
    this.output.write(
      `${CLEAR_LINE}${this.#label} ${bar} ${percentage}  ${dim(note.length <= room ? note : "")}`,
    );
    this.#visible = true;
    this.#drawnAt = now;
  }
}
