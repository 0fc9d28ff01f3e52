import { printable } from "@bioflax/core";
import { SweepProgress } from "../sweep/execute/progress";
import type { RunResult, SweepReporter } from "../sweep/execute/reporter";
import type { SweepRun } from "../sweep/plan/plan-sweep";
import { colorsFor } from "./colors";
import { duration, firstSentence, runCount } from "./format";
import type { Io } from "./io";
import { ProgressBar } from "./progress-bar";

/** A reporter of a sweep that leaves the terminal in order. */
export interface SweepTerminal extends SweepReporter {
  /** Removes what is only there while the sweep goes on. */
  close(): void;
}

/** A bar counts in thousandths of the sweep. */
const WHOLE = 1000;

/** `3 running, 1 diverged`: what there is any of. */
function told(counts: Readonly<Record<string, number>>, kinds: readonly string[]): string {
  return kinds
    .flatMap((kind) => ((counts[kind] ?? 0) > 0 ? [`${counts[kind]} ${kind}`] : []))
    .join(", ");
}

/** What came of a run, in a few words. */
function outcome({ kind, seconds, error }: RunResult): string {
  const why = error === undefined ? "" : `: ${firstSentence(error)}`;
  const after =
    seconds === undefined ? "" : ` ${kind === "done" ? "in" : "after"} ${duration(seconds)}`;
  return `${kind}${after}${why}`;
}

/** Shows a sweep on stderr: a line for each run that ends, with what is left, and a bar where there is a terminal. */
export function sweepTerminal({ stderr, env }: Io): SweepTerminal {
  const colors = colorsFor(stderr, env);
  const { bold, dim, green, red, yellow } = colors;
  const colorOf: Readonly<Record<RunResult["kind"], (text: string) => string>> = {
    done: green,
    diverged: yellow,
    pruned: yellow,
    interrupted: yellow,
    failed: red,
  };
  const bar = new ProgressBar(stderr, colors);
  let progress: SweepProgress | undefined;
  let earlier = 0;
  const say = (text: string) => {
    bar.clear();
    stderr.write(text);
  };
  const draw = () => {
    if (progress === undefined) return;
    const { counts, secondsLeft } = progress;
    const left = secondsLeft === undefined ? "" : `, ${duration(secondsLeft)} left`;
    bar.update(
      progress.share * WHOLE,
      `${counts.ended} of ${counts.all}: ${told(counts, ["running", "diverged", "pruned", "failed"])}${left}`,
    );
  };
  const line = (run: SweepRun, result: RunResult) => {
    const { counts, secondsLeft } = progress as SweepProgress;
    const place = `${String(counts.ended).padStart(String(counts.all).length)}/${counts.all}`;
    const isOver = counts.ended === counts.all || result.kind === "interrupted";
    const left = secondsLeft === undefined || isOver ? "" : dim(`  ${duration(secondsLeft)} left`);
    const text = outcome(result);
    say(`  ${place}  ${run.name}  ${colorOf[result.kind](printable(text))}${left}\n`);
  };
  return {
    started({ runs, jobs, expected = runs.length }) {
      progress = new SweepProgress(runs, jobs, expected);
      say(`${bold("bioflax sweep")} ${runCount(expected)}, ${jobs} at a time\n`);
      bar.start("sweep", WHOLE);
    },
    runStarted(run, together) {
      progress?.started(run, together);
      draw();
    },
    runProgress(run, share) {
      progress?.progress(run, share);
      draw();
    },
    runEnded(run, result) {
      progress?.ended(run, result);
      if (result.earlier) {
        // Of many that are done there is nothing to read.
        earlier++;
        draw();
        return;
      }
      if (earlier > 0) say(dim(`  ${earlier} had ended before\n`));
      earlier = 0;
      line(run, result);
      draw();
    },
    notice: (text) => say(`${yellow("note:")} ${printable(text)}\n`),
    warning: (text) => say(`${yellow("warning:")} ${printable(text)}\n`),
    close() {
      bar.clear();
      if (earlier > 0) say(dim(`  ${earlier} had ended before\n`));
      earlier = 0;
    },
  };
}

/** Prints notices and warnings alone. */
export function quietSweepTerminal({ stderr }: Io): SweepTerminal {
  return {
    warning(text) {
      stderr.write(`warning: ${printable(text)}\n`);
    },
    close() {},
  };
}
