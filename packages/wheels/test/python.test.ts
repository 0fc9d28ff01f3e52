import { mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import { activePython, inspectPython, lastLine, runProgram, WheelError } from "../src/index";
import { findPip } from "../src/python";
import { newFolder, pip, program, pythonWith } from "./programs";

const error = (given: string | undefined, env = {}) =>
  findPip(given, env, "some 1").then(
    () => new Error("nothing was thrown"),
    (thrown: WheelError) => thrown,
  );

test("a Python with pip is the one that is given, or the active environment's", async () => {
  const works = pip("");
  expect(await findPip(works, {}, "some 1")).toBe(works);
  const environment = newFolder();
  const own = join(environment, "bin/python");
  mkdirSync(dirname(own));
  expect(activePython({ VIRTUAL_ENV: environment })).toBeUndefined();
  symlinkSync(works, own);
  for (const env of [{ VIRTUAL_ENV: environment }, { CONDA_PREFIX: environment }]) {
    expect(activePython(env)).toBe(own);
    expect(await findPip(undefined, env, "some 1")).toBe(own);
  }
});

test("without one it is said what is missing, and what gets it", async () => {
  const none = join(newFolder(), "none");
  expect(await error(none)).toBeInstanceOf(WheelError);
  expect(await error(none)).toMatchObject({
    fault: "python",
    reason: `${none} is not a Python that can be started.`,
    remedy: expect.stringMatching(/^Install .*[^.]\.$/),
  });
  const bare = pythonWith({}, "");
  expect(await error(bare)).toMatchObject({
    fault: "python",
    reason: `${bare} (Python 3.12.1) has no pip, which fetches some 1 from PyPI.`,
  });
});

test("a Python tells its version and where packages are; one that says nothing of use is none", async () => {
  const python = pythonWith({ numpy: "/site/numpy" }, "");
  expect(await inspectPython(python, ["numpy", "scipy"])).toEqual({
    command: python,
    version: "3.12.1",
    packages: { numpy: "/site/numpy" },
  });
  expect(await inspectPython(program("echo no json"), [])).toBeUndefined();
  expect(await inspectPython(program("exit 3"), [])).toBeUndefined();
});

test("a program is run to its end, or to the end of its time, and tells its lines", async () => {
  const lines: string[] = [];
  const script = program('echo "$A"; echo b >&2; printf c; exit 3');
  const ran = await runProgram(script, [], {
    env: { A: "a" },
    onLine: (line) => lines.push(line),
  });
  expect(ran).toEqual({ status: 3, signal: null, stdout: "a\nc", stderr: "b\n" });
  expect(lines.sort()).toEqual(["a", "b"]);
  expect(lastLine("a\n b \n\n")).toBe("b");
  expect(await runProgram(program("exec sleep 60"), [], { timeout: 100 })).toMatchObject({
    status: null,
    signal: "SIGKILL",
  });
  expect(await runProgram(join(newFolder(), "none"), [])).toBeUndefined();
});
