import { showSpread, spread } from "../statistics";

/** What one contender gave on one workload. */
interface Cell {
  readonly contender: string;
  /** Milliseconds a step, of each round. */
  readonly milliseconds: readonly number[];
  /** Why there are none. */
  readonly error?: string;
}

/** One workload, by every contender. */
export interface Row {
  readonly workload: string;
  /** Operations of a step, in billions. */
  readonly gigaflops: number;
  readonly cells: readonly Cell[];
}

/** The rows as a table in Markdown: milliseconds a step, and what that is in operations a second. */
export function markdown(rows: readonly Row[], contenders: readonly string[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const notes: string[] = [];
  const body = rows.map(({ workload, gigaflops, cells }) =>
    line([
      workload,
      ...contenders.map((name) => {
        const cell = cells.find(({ contender }) => contender === name);
        if (cell === undefined) return "";
        if (cell.milliseconds.length === 0) {
          notes.push(`${name}, ${workload}: ${cell.error}`);
          return "–";
        }
        const times = spread(cell.milliseconds);
        const speed = gigaflops / times.median;
        return `${showSpread(times, times.median < 1 ? 3 : 2)}; ${speed.toPrecision(3)} Tflop/s`;
      }),
    ]),
  );
  return [
    line(["ms a step: median (lowest–highest)", ...contenders]),
    line(["", ...contenders].map(() => "---")),
    ...body,
    ...(notes.length > 0 ? ["", ...notes.map((note) => `- – ${note}`)] : []),
    "",
  ].join("\n");
}
