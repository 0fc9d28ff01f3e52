import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { BioflaxError } from "@bioflax/core";
import { expect, test } from "@jest/globals";
import { isTooManyFiles } from "./too-many-files";
import { writingFailed } from "./write-atomically";

const tooMany = Object.assign(new Error("EMFILE: too many open files, open 'x'"), {
  code: "EMFILE",
});

test("too many open files are told from other errors, and what can be done", () => {
  expect(isTooManyFiles(tooMany)).toBe(true);
  expect(isTooManyFiles(new Error("no"))).toBe(false);
  expect(isTooManyFiles(undefined)).toBe(false);
  const error = writingFailed("run/a", tooMany);
  expect(error).toBeInstanceOf(BioflaxError);
  expect(error.message).toMatch(
    /^run\/a: expected to be able to write it, but too many files are open.* Raise it, as with ulimit -n 1024\.$/,
  );
});

test("the limit is named", () => {
  if (process.platform === "win32") return;
  const { stdout, stderr } = spawnSync(
    "sh",
    ["-c", 'ulimit -n 200; exec "$@"', "sh", process.execPath].concat([
      `--require=${join(__dirname, "../../../datasets/test/typescript.cjs")}`,
      "--input-type=commonjs",
      `--eval=const { isTooManyFiles, tooManyFiles } = require(${JSON.stringify(join(__dirname, "too-many-files.ts"))});
       console.log(tooManyFiles(), isTooManyFiles({ code: "ERR_MODULE_NOT_FOUND" }))`,
    ]),
    { encoding: "utf8" },
  );
  expect(stdout + stderr).toBe(
    "too many files are open: the limit is 200. Raise it, as with ulimit -n 1024 true\n",
  );
});
