import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import { scratchFolder } from "../../test/scratch";
import { type LockHolder, withLock } from "./lock";

const scratch = scratchFolder();
const path = () => join(scratch(), "x.lock");
const files = () => readdirSync(scratch());

/** A process that is no more. */
const dead = () => spawnSync(process.execPath, ["--version"]).pid;
const owner = (host: string, pid: number) => JSON.stringify({ host, pid, id: "someone" });

test("work is done one after another, and the lock is gone after it", async () => {
  let working = 0;
  const most: number[] = [];
  const work = async (result: number) => {
    most.push(++working);
    await setTimeout(20);
    working--;
    return result;
  };
  const results = await Promise.all([1, 2, 3].map((n) => withLock(path(), () => work(n))));
  expect(results).toEqual([1, 2, 3]);
  expect(most).toEqual([1, 1, 1]);
  expect(files()).toEqual([]);
});

test("work that fails leaves no lock", async () => {
  const reason = new Error("no");
  await expect(withLock(path(), () => Promise.reject(reason))).rejects.toBe(reason);
  expect(files()).toEqual([]);
});

test("those who wait are told so, and the signal ends the waiting with its reason", async () => {
  writeFileSync(path(), owner(hostname(), process.pid));
  const stop = new AbortController();
  const reason = new Error("enough");
  let told = 0;
  const onWait = () => {
    if (++told === 2) stop.abort(reason);
  };
  const waiting = withLock(path(), async () => "work", { signal: stop.signal, onWait });
  await expect(waiting).rejects.toBe(reason);
  expect(readFileSync(path(), "utf8")).toContain("someone");
});

test("those who wait are told who has it, and what they throw ends the waiting", async () => {
  const since = new Date().toISOString();
  writeFileSync(path(), JSON.stringify({ host: hostname(), pid: process.ppid, since, id: "x" }));
  const holders: LockHolder[] = [];
  const onWait = (holder: LockHolder) => {
    holders.push(holder);
    throw new Error("in use");
  };
  await expect(withLock(path(), async () => "work", { onWait })).rejects.toThrow("in use");
  expect(holders).toEqual([{ host: hostname(), pid: process.ppid, since, isAlive: true }]);
  rmSync(path());
});

test("the owner on another machine is known to be there once it has touched the lock", async () => {
  writeFileSync(path(), owner("another", 1));
  const alive: boolean[] = [];
  const onWait = ({ isAlive }: LockHolder) => {
    alive.push(isAlive);
    utimesSync(path(), alive.length, alive.length);
    if (isAlive) throw new Error("in use");
  };
  await expect(withLock(path(), async () => "work", { onWait })).rejects.toThrow("in use");
  expect(alive).toEqual([false, true]);
  rmSync(path());
});

describe("an abandoned lock is taken over", () => {
  test("of a dead process at once, by one of several who wait at a time", async () => {
    writeFileSync(path(), owner(hostname(), dead()));
    let working = 0;
    const most: number[] = [];
    const work = async () => {
      most.push(++working);
      await setTimeout(20);
      working--;
    };
    await Promise.all([1, 2, 3, 4].map(() => withLock(path(), work)));
    expect(most).toEqual([1, 1, 1, 1]);
    expect(files()).toEqual([]);
  });

  test.each([
    ["of this process's number, which a process before it had", process.pid, new Date()],
    ["from before the machine was started", process.ppid, new Date(0)],
  ])("%s", async (_name, pid, since) => {
    writeFileSync(path(), JSON.stringify({ host: hostname(), pid, since, id: "x" }));
    await expect(withLock(path(), async () => "work")).resolves.toBe("work");
    expect(files()).toEqual([]);
  });

  test("even when who was taking it over died over that", async () => {
    writeFileSync(path(), owner(hostname(), dead()));
    writeFileSync(`${path()}.takeover`, owner(hostname(), dead()));
    await expect(withLock(path(), async () => "work")).resolves.toBe("work");
    expect(files()).toEqual([]);
  });

  test.each([
    ["of another machine", () => owner("another", dead())],
    ["without a name", () => ""],
  ])("%s, when nobody has touched it for long", async (_, text) => {
    writeFileSync(path(), text());
    const longAgo = new Date(0);
    utimesSync(path(), longAgo, longAgo);
    let waited = 0;
    const onWait = () => {
      waited++;
    };
    await withLock(path(), async () => {}, { abandonedAfter: 300, onWait });
    // Its clock may be wrong, so that it is old says nothing.
    expect(waited).toBeGreaterThan(1);
    expect(files()).toEqual([]);
  });

  test("but not while it is touched", async () => {
    writeFileSync(path(), owner("another", 1));
    let touches = 0;
    const onWait = () => {
      touches++;
      if (touches < 5) utimesSync(path(), touches, touches);
      else rmSync(path());
    };
    await withLock(path(), async () => {}, { abandonedAfter: 250, onWait });
    expect(touches).toBe(5);
  });
});

test("a lock that has become another's is left to it", async () => {
  await withLock(path(), async () => writeFileSync(path(), owner("another", 1)));
  expect(files()).toEqual(["x.lock"]);
});

test("a folder that cannot be written is named", async () => {
  await expect(withLock(join(scratch(), "none", "x.lock"), async () => {})).rejects.toMatchObject({
    name: "BioflaxError",
    message: expect.stringMatching(/x\.lock: expected to be able to write it, but ENOENT/),
  });
});
