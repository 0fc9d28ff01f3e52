import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { transformSync } from "@swc/core";
import { scratchFolder } from "../../test/scratch";

const scratch = scratchFolder();

// Reported: a SIGUSR1 that came while the command was loaded opened Node's debugger, and the run went on.
test("a SIGUSR1 that comes while the command's modules are loaded ends it", () => {
  const source = readFileSync(join(__dirname, "../cli.ts"), "utf8");
  const { code } = transformSync(source, {
    swcrc: false,
    jsc: { parser: { syntax: "typescript" }, target: "es2022" },
    module: { type: "es6" },
  });
  const modules = [...code.matchAll(/"\.\/cli\/([\w-]+)"/g)].map(([, name]) => name as string);
  expect(modules).toContain("run");
  mkdirSync(join(scratch, "cli"));
  // In place of the command's own modules, some that send the signal while they are loaded.
  for (const name of modules)
    writeFileSync(
      join(scratch, "cli", `${name}.mjs`),
      `process.kill(process.pid, "SIGUSR1");
      await new Promise((resolve) => setTimeout(resolve, 500));
      export const processIo = () => {};
      export const run = async () => 0;`,
    );
  const program = join(scratch, "cli.mjs");
  writeFileSync(program, code.replace(/"(\.\/cli\/[\w-]+)"/g, '"$1.mjs"'));
  const { status, signal, stderr } = spawnSync(process.execPath, [program], { encoding: "utf8" });
  expect({ status, signal, stderr }).toEqual({ status: null, signal: "SIGUSR1", stderr: "" });
});
