import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { BioflaxError } from "@bioflax/core";
import { afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { scratchFolder } from "../../test/scratch";
import { LineLog } from "./line-log";
import { checkFree, RunFolder } from "./run-folder";
import { writeAtomically } from "./write-atomically";

const folder = scratchFolder();
const name = "mnist-fa";
let fileHandle: FileHandle;

beforeAll(async () => {
  const file = await open(join(folder, "probe"), "w");
  fileHandle = Object.getPrototypeOf(file) as FileHandle;
  await file.close();
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** Lets half of what is written arrive, and then no more. */
function fillDisk() {
  jest.spyOn(fileHandle, "writeFile").mockImplementation(async function (this: FileHandle, data) {
    const bytes = Buffer.from(data as Uint8Array);
    await this.write(bytes.subarray(0, bytes.length / 2));
    throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  });
}

function newFolder(name: string): string {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}

describe("a file", () => {
  test("appears, and is replaced, whole", async () => {
    const path = join(newFolder("whole"), "a.json");
    await writeAtomically(path, "one");
    await writeAtomically(path, "two");
    expect(readFileSync(path, "utf8")).toBe("two");
    expect(readdirSync(join(path, ".."))).toEqual(["a.json"]);
  });

  test("stays as it was when the disk is full, and leaves nothing beside it", async () => {
    const path = join(newFolder("full"), "a.json");
    await writeAtomically(path, "the first");
    fillDisk();
    await expect(writeAtomically(path, "the second")).rejects.toThrow(BioflaxError);
    await expect(writeAtomically(path, "the second")).rejects.toThrow(
      `${path}: expected to be able to write it, but the disk is full`,
    );
    expect(readFileSync(path, "utf8")).toBe("the first");
    expect(readdirSync(join(path, ".."))).toEqual(["a.json"]);
  });

  test("that cannot get its name leaves nothing beside it", async () => {
    const path = newFolder("taken");
    mkdirSync(join(path, "a.json"));
    await expect(writeAtomically(join(path, "a.json"), "text")).rejects.toThrow(BioflaxError);
    expect(readdirSync(path)).toEqual(["a.json"]);
  });

  test("in a folder that is not there", async () => {
    await expect(writeAtomically(join(folder, "gone", "a"), "")).rejects.toThrow(
      "the folder is gone",
    );
    if (process.platform !== "linux") return;
    await expect(writeAtomically("/proc/none.html", "")).rejects.toThrow(
      "/proc/none.html: expected to be able to write it, but it cannot be created there. Choose another place with --out.",
    );
  });
});

describe("a log", () => {
  test("holds whole lines only when the disk is full", async () => {
    const path = join(folder, "log.jsonl");
    const log = await LineLog.create(path);
    await log.append({ epoch: 1 });
    fillDisk();
    await expect(log.append({ epoch: 2 })).rejects.toThrow("the disk is full");
    jest.restoreAllMocks();
    expect(readFileSync(path, "utf8")).toBe('{"epoch":1}\n');
    await log.append({ epoch: 2 });
    await log.close();
    expect(readFileSync(path, "utf8")).toBe('{"epoch":1}\n{"epoch":2}\n');
  });

  test("goes on after its first lines, and what came later is gone", async () => {
    const path = join(folder, "again.jsonl");
    writeFileSync(path, '{"epoch":1}\n{"epoch":2}\n{"ep');
    const log = await LineLog.continue(path, 12);
    await log.append({ epoch: 20 });
    expect(log.bytes).toBe(25);
    await log.close();
    expect(readFileSync(path, "utf8")).toBe('{"epoch":1}\n{"epoch":20}\n');
  });

  test("that goes on is not added to by a process that has had it open before", async () => {
    const path = join(folder, "taken-over.jsonl");
    const before = await LineLog.create(path);
    await before.append({ epoch: 1 });
    const after = await LineLog.continue(path, before.bytes);
    await before.append({ epoch: 2, from: "before" });
    await after.append({ epoch: 2 });
    await Promise.all([before.close(), after.close()]);
    expect(readFileSync(path, "utf8")).toBe('{"epoch":1}\n{"epoch":2}\n');
  });

  test("does not go on in a file that is there", async () => {
    const path = join(folder, "there.jsonl");
    writeFileSync(path, "mine");
    await expect(LineLog.create(path)).rejects.toThrow(BioflaxError);
    expect(readFileSync(path, "utf8")).toBe("mine");
  });
});

describe("a run folder", () => {
  test.each([
    ["new", () => join(folder, "deep", "new")],
    ["empty", () => newFolder("empty")],
  ])("that is %s", async (_name, make) => {
    const out = make();
    expect((await RunFolder.create({ out, name }, new Date())).path).toBe(out);
  });

  test.each([
    ["config.json", "received one that holds a run"],
    ["thesis.tex", "received one that holds thesis.tex"],
  ])("with a %s in it is refused", async (file, message) => {
    const out = newFolder(`with ${file}`);
    writeFileSync(join(out, file), "{}");
    const create = RunFolder.create({ out, name }, new Date());
    await expect(create).rejects.toThrow(
      `--out ${out}: expected a new or empty folder, ${message}. Choose another --out`,
    );
    expect(readdirSync(out)).toEqual([file]);
  });

  test("with a run in it is refused, saying how to go on with that", async () => {
    const out = newFolder("resumable");
    writeFileSync(join(out, "config.json"), "{}");
    await expect(RunFolder.create({ out, name }, new Date())).rejects.toThrow(
      `or go on with that run: bioflax train --resume ${out}`,
    );
  });

  test("in which a process was killed before it had written anything is as good as empty", async () => {
    const out = newFolder("begun");
    for (const file of [".lock", ".config.json.0123456789ab.tmp"])
      writeFileSync(join(out, file), "");
    expect((await RunFolder.create({ out, name }, new Date())).path).toBe(out);
  });

  test("that cannot be made is refused with the system's reason, before anything is loaded", async () => {
    symlinkSync("nowhere", join(folder, "dangling"));
    const out = join(folder, "dangling", "run");
    await expect(checkFree(out)).rejects.toThrow(
      `${out}: expected to be able to write it, but ${join(folder, "dangling")} is a link to nowhere, which is not there.`,
    );
    if (process.platform !== "linux") return;
    // Node's own recursive mkdir never comes back from here.
    const nowhere = RunFolder.create({ out: "/proc/none/run", name }, new Date());
    await expect(nowhere).rejects.toThrow(
      "/proc/none/run: expected to be able to write it, but it cannot be created there. Choose another place with --out.",
    );
  });

  test("below a file is refused", async () => {
    const out = join(folder, "probe", "run");
    await expect(RunFolder.create({ out, name }, new Date())).rejects.toThrow(
      "part of the path is a file",
    );
  });

  test("is named after what is trained and the time, and never used twice", async () => {
    const before = process.cwd();
    process.chdir(newFolder("default"));
    try {
      const now = new Date(2025, 0, 31, 9, 5, 7);
      const paths = [1, 2, 3].map(() =>
        RunFolder.create({ name: "teacher-kp" }, now).then(({ path }) => path),
      );
      const name = join("runs", "teacher-kp-20250131-090507");
      expect((await Promise.all(paths)).sort()).toEqual([name, `${name}-2`, `${name}-3`]);
    } finally {
      process.chdir(before);
    }
  });
});
