import { availableParallelism } from "node:os";
import { describe, expect, test } from "@jest/globals";
import { availableMemory, availableThreads, type Machine } from "./machine";

/** A machine of 16 processors and 64 GB with some files. */
const machine = (
  files: Readonly<Record<string, string>>,
  env: Machine["env"] = {},
  facts: Partial<Machine> = {},
): Machine => ({
  read: (path) => files[path],
  env,
  processors: 16,
  memory: 64e9,
  freeMemory: 32e9,
  ...facts,
});

const mounts = (...lines: string[]) => ({ "/proc/self/mountinfo": `${lines.join("\n")}\n` });
const groups = (...lines: string[]) => ({ "/proc/self/cgroup": `${lines.join("\n")}\n` });

const version2 = mounts(
  "24 1 0:22 / /proc rw,nosuid - proc proc rw",
  "31 23 0:28 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate",
);
const version1 = mounts(
  "33 31 0:30 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid - cgroup cgroup rw,cpu,cpuacct",
  "35 31 0:32 / /sys/fs/cgroup/memory rw,nosuid - cgroup cgroup rw,memory",
  "36 31 0:33 / /sys/fs/cgroup/unified rw,nosuid - cgroup2 cgroup2 rw",
);

describe("threads", () => {
  test("are the processors there are, where nothing limits them", () => {
    expect(availableThreads(machine({}))).toBe(16);
    expect(availableThreads(machine({}, {}, { processors: 3 }))).toBe(3);
    expect(availableThreads()).toBeLessThanOrEqual(availableParallelism());
    expect(availableThreads()).toBeGreaterThanOrEqual(1);
  });

  test.each([
    ["4", 4],
    ["1", 1],
    ["64", 16],
    ["", 16],
    ["0", 16],
    ["-2", 16],
    ["four", 16],
    ["2.5", 16],
  ])("SLURM_CPUS_PER_TASK=%s of 16 gives %i", (SLURM_CPUS_PER_TASK, expected) => {
    expect(availableThreads(machine({}, { SLURM_CPUS_PER_TASK }))).toBe(expected);
  });

  test.each([
    ["max 100000", 16],
    ["300000 100000", 3],
    ["250000 100000", 2],
    ["50000 100000", 1],
    ["3200000 100000", 16],
    ["", 16],
  ])("version 2: cpu.max %s gives %i", (limit, expected) => {
    const files = { ...version2, ...groups("0::/job"), "/sys/fs/cgroup/job/cpu.max": `${limit}\n` };
    expect(availableThreads(machine(files))).toBe(expected);
  });

  test("version 2: the limit of a group further up holds as well", () => {
    const files = {
      ...version2,
      ...groups("0::/slurm/job_7/step_0"),
      "/sys/fs/cgroup/slurm/cpu.max": "max 100000\n",
      "/sys/fs/cgroup/slurm/job_7/cpu.max": "400000 100000\n",
      "/sys/fs/cgroup/slurm/job_7/step_0/cpu.max": "800000 100000\n",
    };
    expect(availableThreads(machine(files))).toBe(4);
  });

  test.each([
    ["-1", 16],
    ["150000", 1],
    ["500000", 5],
  ])("version 1: a quota of %s gives %i", (quota, expected) => {
    const files = {
      ...version1,
      ...groups("5:memory:/other", "2:cpu,cpuacct:/docker/abc", "0::/"),
      "/sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_quota_us": `${quota}\n`,
      "/sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_period_us": "100000\n",
    };
    expect(availableThreads(machine(files))).toBe(expected);
  });

  test("in a container whose mount begins at its own group, that group's files are there", () => {
    const files = {
      ...mounts(
        "33 31 0:30 /docker/abc /sys/fs/cgroup\\040s/cpu ro,nosuid - cgroup cgroup rw,cpu,cpuacct",
      ),
      ...groups("2:cpu,cpuacct:/docker/abc"),
      "/sys/fs/cgroup s/cpu/cpu.cfs_quota_us": "200000\n",
      "/sys/fs/cgroup s/cpu/cpu.cfs_period_us": "100000\n",
    };
    expect(availableThreads(machine(files))).toBe(2);
  });

  test("the least of all limits counts", () => {
    const files = { ...version2, ...groups("0::/"), "/sys/fs/cgroup/cpu.max": "600000 100000\n" };
    expect(availableThreads(machine(files, { SLURM_CPUS_PER_TASK: "8" }))).toBe(6);
    expect(availableThreads(machine(files, { SLURM_CPUS_PER_TASK: "5" }))).toBe(5);
    expect(availableThreads(machine(files, { SLURM_CPUS_PER_TASK: "5" }, { processors: 2 }))).toBe(
      2,
    );
  });
});

describe("memory", () => {
  test("is the machine's, where nothing limits it", () => {
    expect(availableMemory(machine({}))).toEqual({ total: 64e9, free: 32e9, isGroup: false });
    const { total, free } = availableMemory();
    expect(total).toBeGreaterThan(0);
    expect(free).toBeLessThanOrEqual(total);
  });

  test.each([
    ["max", { total: 64e9, free: 32e9, isGroup: false }],
    ["8000000000", { total: 8e9, free: 8e9, isGroup: true }],
  ])("version 2: memory.max %s", (limit, expected) => {
    const files = {
      ...version2,
      ...groups("0::/job/step"),
      "/sys/fs/cgroup/job/memory.max": `${limit}\n`,
      "/sys/fs/cgroup/job/step/memory.max": "max\n",
    };
    expect(availableMemory(machine(files))).toEqual(expected);
  });

  test.each([
    // What the kernel says where there is no limit.
    ["9223372036854771712", { total: 64e9, free: 32e9, isGroup: false }],
    ["2000000000", { total: 2e9, free: 2e9, isGroup: true }],
  ])("version 1: limit_in_bytes %s", (limit, expected) => {
    const files = {
      ...version1,
      ...groups("5:memory:/docker/abc", "0::/"),
      "/sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes": `${limit}\n`,
    };
    expect(availableMemory(machine(files))).toEqual(expected);
  });
});
