import { arch, cpus } from "node:os";

const head = [
  "engine",
  "run",
  "kills",
  "before the first checkpoint",
  "resumed within an epoch",
  "epoch recorded, then trained again",
  "half-written file left",
  "metrics.jsonl",
  "final weights",
];

const line = (cells) => `| ${cells.join(" | ")} |`;
const same = (is) => (is ? "identical" : "DIFFERENT");

/** A campaign as a page. */
export function markdown(rows) {
  const count = (what) => rows.reduce((total, row) => total + row[what], 0);
  const counts = ["kills", "beforeFirstCheckpoint", "withinEpoch", "epochAgain", "halfWritten"];
  const identical = rows.filter((row) => row.identical).length;
  return `${[
    "# Runs killed with `kill -9`",
    "",
    "Written by `pnpm --filter experiments run kill-campaign`. Each run of 4 epochs was killed at random moments and resumed, again and",
    "again, and compared with an undisturbed run of the same settings: the bytes of `metrics.jsonl`, timings apart, and the bits of the",
    "weights.",
    "",
    `${count("kills")} kills of ${count("runs")} runs; for ${identical} of ${rows.length} settings all of them came to what the undisturbed run came to. Node ${process.versions.node}, ${arch()}, ${cpus().length} cores.`,
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
