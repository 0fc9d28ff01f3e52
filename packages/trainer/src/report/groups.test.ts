import { groupRuns } from "@bioflax/report";
import { describe, expect, test } from "@jest/globals";
import { runOf } from "../../test/reported-run";
import type { ConfigInput } from "../config/schema";
import { reportedSettings } from "./reported-run";

/** The labels of the groups these settings fall into, with the seeds in each. */
function groupsOf(...inputs: ConfigInput[]) {
  const { groups, differing } = groupRuns(
    inputs.map((input) => runOf(input)),
    reportedSettings,
  );
  return {
    groups: Object.fromEntries(
      groups.map(({ label, runs }) => [label, runs.map(({ about }) => about.seed)]),
    ),
    differing: differing.map(({ key }) => key),
  };
}

describe("runs are grouped", () => {
  test("over their seeds, where nothing else differs, without a label", () => {
    expect(groupsOf({ seed: 1 }, { seed: 0 })).toEqual({ groups: { "": [1, 0] }, differing: [] });
  });

  test("by rule, and what only goes along with it is in no label", () => {
    expect(
      groupsOf({ mode: "bp" }, { mode: "kp", weightDecay: 1e-5 }, { mode: "bp", seed: 1 }),
    ).toEqual({ groups: { bp: [0, 1], kp: [0] }, differing: ["mode", "weightDecay"] });
  });

  test("by as many settings as tell them apart", () => {
    const { groups } = groupsOf(
      { mode: "bp", lr: 0.1 },
      { mode: "bp", lr: 0.2 },
      { mode: "fa", lr: 0.1 },
    );
    expect(Object.keys(groups)).toEqual(["bp, lr 0.1", "bp, lr 0.2", "fa, lr 0.1"]);
  });

  test("by switches, lists, and settings that some do not have", () => {
    expect(groupsOf({ nesterov: true, momentum: 0.9 }, { momentum: 0.9 }).groups).toEqual({
      nesterov: [0],
      "no nesterov": [0],
    });
    expect(groupsOf({ hiddenLayers: [4] }, { hiddenLayers: [5] }).groups).toEqual({
      "hidden-layers 4": [0],
      "hidden-layers 5": [0],
    });
    expect(groupsOf({ clipNorm: 1 }, {}).groups).toEqual({
      "clip-norm 1": [0],
      "clip-norm –": [0],
    });
  });

  test("whatever is measured, with however many threads, and wherever they are", () => {
    const { groups } = groupsOf({ plot: true, threads: 2, out: "a" }, { computeAlignments: false });
    expect(Object.keys(groups)).toEqual([""]);
  });
});
