import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import { hasNamespaces, lockingProcess } from "../../test/processes";
import { scratchFolder } from "../../test/scratch";
import { type LockHolder, withLock } from "./lock";
import { newOwner } from "./lock-owner";

const scratch = scratchFolder();
const path = () => join(scratch(), "x.lock");
const files = () => readdirSync(scratch());

/** A process that is no more. */
const dead = () => spawnSync(process.execPath, ["--version"]).pid;
/** What this process would write, but for some of it. */
const like = (other: object) =>
  JSON.stringify({ ...JSON.parse(newOwner()), id: "someone", start: undefined, ...other });
/** A process of this machine, by its number. */
const here = (pid: number) => like({ pid });
/** Another machine may have the same name. */
const elsewhere = (pid: number) => like({ pid, machine: "another" });

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
  writeFileSync(path(), here(process.ppid));
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
  writeFileSync(path(), like({ pid: process.ppid, since }));
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
  writeFileSync(path(), elsewhere(1));
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
    writeFileSync(path(), here(dead()));
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
    ["of this process's number, which a process before it had", { pid: process.pid }],
    // When the machine was started, where /proc tells of each process when that was.
    process.platform === "linux"
      ? ["of a number that another process has now", { pid: process.ppid, start: "1" }]
      : ["from before the machine was started", { pid: process.ppid, since: new Date(0) }],
  ])("%s", async (_name, other) => {
    writeFileSync(path(), like(other));
    await expect(withLock(path(), async () => "work")).resolves.toBe("work");
    expect(files()).toEqual([]);
  });

  test("even when who was taking it over died over that", async () => {
    writeFileSync(path(), here(dead()));
    writeFileSync(`${path()}.takeover`, here(dead()));
    await expect(withLock(path(), async () => "work")).resolves.toBe("work");
    expect(files()).toEqual([]);
  });

  test.each([
    ["of another machine", () => elsewhere(dead())],
    ["without a name", () => ""],
  ])("%s, when nobody has touched it for long", async (_, text) => {
    writeFileSync(path(), text());
    const longAgo = new Date(0);
    utimesSync(path(), longAgo, longAgo);
    let waited = 0;
    const onWait = () => {
      waited++;
    };
    await withLock(path(), async () => {}, { abandonedAfter: 1500, onWait });
    // Its clock may be wrong, so that it is old says nothing.
    expect(waited).toBeGreaterThan(1);
    expect(files()).toEqual([]);
  });

  test("but not while it is touched", async () => {
    writeFileSync(path(), elsewhere(1));
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
  await withLock(path(), async () => writeFileSync(path(), elsewhere(1)));
  expect(files()).toEqual(["x.lock"]);
});

test("a folder that cannot be written is named", async () => {
  await expect(withLock(join(scratch(), "none", "x.lock"), async () => {})).rejects.toMatchObject({
    name: "BioflaxError",
    message: expect.stringMatching(/x\.lock: expected to be able to write it, but ENOENT/),
  });
});

describe("a process whose number says nothing here", () => {
  /** Waits for a lock until its owner has been seen to be there. */
  const untilAlive = () =>
    withLock(path(), async () => "work", {
      abandonedAfter: 10_000,
      onWait: ({ isAlive }) => {
        if (isAlive) throw new Error("in use");
      },
    });

  test.each([
    ["since the machine was started anew", /"machine":"[^ ]*/, '"machine":"another-boot'],
    ["in another PID namespace", /pid:\[\d+\]/, "pid:[1]"],
    ["where nobody can tell", /"machine":"[^"]*",/, ""],
  ])("%s is not judged by it, though its hostname is the same", async (_name, part, other) => {
    if (process.platform !== "linux") return;
    const text = newOwner();
    const owner = text.replace(part, other).replace(/"pid":\d+/, `"pid":${dead()}`);
    expect(owner.replace(/"pid":\d+/, "")).not.toBe(text.replace(/"pid":\d+/, ""));
    writeFileSync(path(), owner);
    const touching = setInterval(() => utimesSync(path(), new Date(), new Date()), 100);
    await expect(untilAlive()).rejects.toThrow("in use");
    clearInterval(touching);
    expect(readFileSync(path(), "utf8")).toBe(owner);
    rmSync(path());
  });

  const namespaces = hasNamespaces();
  if (!namespaces)
    console.warn("Locks across PID namespaces are not tested: unshare is not allowed here.");
  (namespaces ? test : test.skip)(
    "in a container, say, keeps its lock while it is there, and not for long after a kill -9",
    async () => {
      const child = await lockingProcess(path(), { inNamespace: true });
      await expect(untilAlive()).rejects.toThrow("in use");
      child.kill("SIGKILL");
      await once(child, "close");
      await expect(withLock(path(), async () => "work", { abandonedAfter: 4000 })).resolves.toBe(
        "work",
      );
      expect(files()).toEqual([]);
    },
  );
});

test("a process that computes for long without coming back to its events keeps its lock", async () => {
  const child = await lockingProcess(path(), { blockedFor: 16_000 });
  const owner = readFileSync(path(), "utf8");
  // As it looks from another machine.
  writeFileSync(path(), owner.replace(/"machine":"[^"]*"/, '"machine":"another"'));
  let isOver = false;
  child.on("close", () => {
    isOver = true;
  });
  await withLock(path(), async () => expect(isOver).toBe(true), { abandonedAfter: 8000 });
});

test("a process that was killed, though nobody has asked how it ended, has no lock", async () => {
  if (process.platform !== "linux") return;
  // The shell starts a process that ends, and never waits for it.
  const shell = spawn("sh", ["-c", "sleep 0.3 & echo $!; exec sleep 60"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [number] = await once(shell.stdout, "data");
  const pid = Number(number);
  while (!/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"))) await setTimeout(10);
  writeFileSync(path(), here(pid));
  await expect(withLock(path(), async () => "work")).resolves.toBe("work");
  shell.kill();
});

describe("who has a lock", () => {
  test("has it until another does, or until it is removed", async () => {
    await withLock(path(), async (lock) => {
      expect(await lock.lostTo()).toBeUndefined();
      writeFileSync(path(), like({ pid: 5, host: "there", since: "today" }));
      expect(await lock.lostTo()).toMatchObject({ host: "there", pid: 5, since: "today" });
      rmSync(path());
      expect(await lock.lostTo()).toEqual({});
    });
  });

  test("touches its own file alone, whatever is under the name by now", async () => {
    await withLock(path(), async () => {
      rmSync(path());
      writeFileSync(path(), elsewhere(1));
      const { mtimeMs } = statSync(path());
      await setTimeout(2500);
      expect(statSync(path()).mtimeMs).toBe(mtimeMs);
    });
    expect(readFileSync(path(), "utf8")).toContain("another");
    rmSync(path());
  });
});

describe("what is no file in place of a lock is refused, and never waited for:", () => {
  test.each([
    ["a pipe", () => spawnSync("mkfifo", [path()])],
    ["a folder", () => mkdirSync(path())],
    ["a link", () => symlinkSync(join(scratch(), "nowhere"), path())],
  ])("%s", async (what, make) => {
    if (process.platform === "win32") return;
    make();
    await expect(withLock(path(), async () => "work")).rejects.toThrow(
      `x.lock: expected the file that says who is writing here, received ${what}. Remove it.`,
    );
    rmSync(path(), { recursive: true });
  });
});
