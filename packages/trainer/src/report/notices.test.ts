import type { ReportedRun } from "@bioflax/report";
import { describe, expect, test } from "@jest/globals";
import { page, shows } from "../../test/checked-page";
import { outputsWith, pictures, recordOf, runOf, summaryOf } from "../../test/reported-run";

describe("notices", () => {
  test.each<[string, ReportedRun[], string]>([
    [
      "an unfinished run",
      [withoutSummary(runOf({ epochs: 9 }))],
      "<code>runs/fa-0</code> is still going on, or was killed after 3 of 9 epochs",
    ],
    [
      "an interrupted run",
      [runOf({ epochs: 9 }, { summary: { ...summaryOf(3), status: "interrupted" } })],
      "was interrupted after 3 of 9 epochs",
    ],
    [
      "a failed run",
      [runOf({}, { summary: { ...summaryOf(3), status: "failed", error: "Training diverged" } })],
      "failed after 3 of 3 epochs: Training diverged",
    ],
    [
      "missing predictions",
      [runOf({}, { predicted: { missing: "runs/fa-0/final.safetensors: there is no such file" } })],
      "No predictions of the run: final.safetensors: there is no such file",
    ],
    ["the same seed twice", [runOf(), runOf({}, { path: "b" })], "several runs with seed 0"],
    [
      "another test set",
      [runOf({}, { predicted: { dataset: pictures, outputs: outputsWith(30) } })],
      "recorded a test accuracy of 80.00 %, but its final weights reach 10.00 % here",
    ],
  ])("tell of %s", (_name, runs, notice) => {
    shows(page(runs), notice);
  });

  test("are none where all is well", () => {
    const right = { dataset: pictures, outputs: outputsWith(0) };
    const records = [recordOf(1)].map((record) => ({ ...record, test: { loss: 1, accuracy: 1 } }));
    expect(page([runOf({ epochs: 1 }, { records, predicted: right })])).not.toContain(
      `class="notices"`,
    );
  });
});

function withoutSummary({ summary: _summary, ...run }: ReportedRun): ReportedRun {
  return run;
}
