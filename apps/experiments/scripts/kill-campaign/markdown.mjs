import { arch, cpus } from "node:os";
import { signals } from "./killed-run.mjs";

const head = [
  "engine",
  "run",
  "signals",
  "heard and saved",
  "before the first checkpoint",
  "resumed within an epoch",
  "epoch recorded, then trained again",
  "half-written file left",
  "metrics.jsonl",
  "final weights",
];

const line = (cells) => `| ${cells.join(" | ")} |`;
const same = (is) => (is ? "identical" : "DIFFERENT");

/** What came of each signal, over all runs. */
function signalTable(rows) {
  const count = (signal, what) =>
    rows.reduce((total, { bySignal }) => total + bySignal[signal][what], 0);
  return [
    line(["signal", "sent", "heard and saved", "heard before the first step", "ended the process"]),
    line(["---", "---:", "---:", "---:", "---:"]),
    ...signals.map((signal) =>
      line([
        signal,
        ...["sent", "saved", "nothingToSave", "killed"].map((what) => count(signal, what)),
      ]),
    ),
  ];
}

/** A campaign as a page. */
export function markdown(rows) {
  const count = (what) => rows.reduce((total, row) => total + row[what], 0);
  const counts = [
    "kills",
    "saved",
    "beforeFirstCheckpoint",
    "withinEpoch",
    "epochAgain",
    "halfWritten",
  ];
  const identical = rows.filter((row) => row.identical).length;
  return `${[
    "# Runs ended by signals",
    "",
    "Written by `pnpm --filter experiments run kill-campaign`. Each run of 4 epochs was sent signals at random moments, all kinds in turn,",
    "and gone on with by `--resume-or-start`, again and again, and compared with an undisturbed run of the same settings: the bytes of",
    "`metrics.jsonl`, timings apart, the bits of the weights, and the files there are. Where a process heard its signal, every step it had taken",
    "was in its checkpoint. SIGKILL cannot be heard, nor can the others while Node starts.",
    "",
    `${count("kills")} signals to ${count("runs")} runs; for ${identical} of ${rows.length} settings all of them came to what the undisturbed run came to. Node ${process.versions.node}, ${arch()}, ${cpus().length} cores.`,
    "",
    ...signalTable(rows),
    "",
    line(head),
    line(
      head.map((title) =>
        ["engine", "run", "metrics.jsonl", "final weights"].includes(title) ? "---" : "---:",
      ),
    ),
    ...rows.map((row) =>
      line([
        row.engine,
        row.name,
        ...counts.map((what) => row[what]),
        same(row.sameMetrics),
        same(row.sameWeights),
      ]),
    ),
    line(["", "all", ...counts.map(count), "", ""]),
  ].join("\n")}\n`;
}
