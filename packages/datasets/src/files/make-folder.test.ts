import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { scratchFolder } from "../../test/scratch";
import { checkFolder, makeFolder } from "./make-folder";
import { readRegularFile } from "./regular-file";

const scratch = scratchFolder();

test("a folder is made with those it is in, by several at once, and left alone when it is there", async () => {
  const path = join(scratch(), "a", "b", "c");
  await checkFolder(path);
  expect(existsSync(join(scratch(), "a"))).toBe(false);
  await Promise.all([1, 2, 3].map(() => makeFolder(path)));
  expect(existsSync(path)).toBe(true);
  await makeFolder(path);
  await checkFolder(path);
});

test("a link to a folder is one", async () => {
  mkdirSync(join(scratch(), "real"));
  symlinkSync(join(scratch(), "real"), join(scratch(), "link"));
  await makeFolder(join(scratch(), "link", "new"));
  expect(existsSync(join(scratch(), "real", "new"))).toBe(true);
});

test.each([
  ["a file on the way", ["file", "x", "y"], (at: string) => `not a directory, mkdir '${at}'`],
  ["a file in its place", ["file"], (at: string) => `not a directory, mkdir '${at}'`],
  ["a link that leads nowhere", ["dangling"], (at: string) => `${at} is a link to nowhere, which`],
  ["one on the way", ["dangling", "x"], (at: string) => `${at} is a link to nowhere, which`],
])("%s is named", async (_name, [first = "", ...rest], reason) => {
  writeFileSync(join(scratch(), "file"), "");
  symlinkSync("nowhere", join(scratch(), "dangling"));
  const at = join(scratch(), first);
  await expect(makeFolder(join(at, ...rest))).rejects.toThrow(reason(at));
  await expect(checkFolder(join(at, ...rest))).rejects.toThrow(reason(at));
});

test("where the system has no such place, it says so, and nobody waits", async () => {
  if (process.platform !== "linux") return;
  const made = makeFolder("/proc/none/x/y");
  await expect(made).rejects.toThrow("ENOENT: no such file or directory, mkdir '/proc/none'");
});

test("what is no file is not read as one, and a pipe not waited for", async () => {
  const path = (name: string) => join(scratch(), name);
  writeFileSync(path("file"), "text");
  expect(String(await readRegularFile(path("file")))).toBe("text");
  await expect(readRegularFile(scratch())).rejects.toThrow("it is a folder");
  await expect(readRegularFile(path("none"))).rejects.toThrow("ENOENT");
  if (process.platform === "win32") return;
  spawnSync("mkfifo", [path("pipe")]);
  await expect(readRegularFile(path("pipe"))).rejects.toThrow("it is a pipe");
});
