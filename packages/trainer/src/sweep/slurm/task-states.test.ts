import { expect, test } from "@jest/globals";
import { isOver, parseSacct, parseScontrol } from "./task-states";

test("sacct: the last state of each task of the job", () => {
  const text =
    "12_0|COMPLETED\n12_1|REQUEUED\n12_1|TIMEOUT\n12_2|OUT_OF_MEMORY\n12_3|CANCELLED by 1000\n12_[4-5%2]|PENDING\n112_0|FAILED\n";
  expect(parseSacct(text, "12")).toEqual([
    { task: 0, state: "COMPLETED" },
    { task: 1, state: "TIMEOUT" },
    { task: 2, state: "OUT_OF_MEMORY" },
    { task: 3, state: "CANCELLED" },
  ]);
});

test("scontrol: a line each, and one of all that wait", () => {
  // As Slurm 22.05 prints them, but for fields nobody asks for.
  const text = [
    "JobId=3 ArrayJobId=3 ArrayTaskId=3-4,7%2 JobName=rates JobState=PENDING Reason=Resources",
    "JobId=5 ArrayJobId=3 ArrayTaskId=1 JobName=rates JobState=RUNNING Reason=None",
    "JobId=4 ArrayJobId=3 ArrayTaskId=0 JobName=rates JobState=NODE_FAIL Reason=None",
  ].join("\n");
  expect(parseScontrol(text)).toEqual([
    { task: 3, state: "PENDING" },
    { task: 4, state: "PENDING" },
    { task: 7, state: "PENDING" },
    { task: 1, state: "RUNNING" },
    { task: 0, state: "NODE_FAIL" },
  ]);
});

test.each<[string, boolean]>([
  ["PENDING", false],
  ["RUNNING", false],
  ["COMPLETED", true],
  ["TIMEOUT", true],
  ["CANCELLED", true],
])("a task that is %s is over: %s", (state, over) => {
  expect(isOver(state)).toBe(over);
});
