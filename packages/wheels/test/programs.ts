import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "@jest/globals";

const scratch = realpathSync(mkdtempSync(join(tmpdir(), "wheels-test-")));
afterAll(() => rmSync(scratch, { recursive: true }));
let count = 0;

/** A new folder, which is there until the tests end. */
export function newFolder(): string {
  const path = join(scratch, String(count++));
  mkdirSync(path);
  return path;
}

/** A program that does what a shell script says. */
export function program(script: string): string {
  const file = join(newFolder(), "program");
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** A Python that has some packages, whose pip does what a shell script says. */
export const pythonWith = (packages: Readonly<Record<string, string>>, script: string): string =>
  program(
    `if [ "$1" = -c ]; then echo '${JSON.stringify({ version: "3.12.1", packages })}'; exit; fi\n${script}`,
  );

/** The command of a Python whose pip does what a shell script says. */
export const pip = (script: string): string => pythonWith({ pip: "/pip" }, script);
