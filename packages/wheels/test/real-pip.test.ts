// With the pip of this machine's Python, and an index that is a folder.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { codeBlocks } from "../../trainer/test/code-blocks";
import * as wheelsPackage from "../src/index";
import { newFolder } from "./programs";

const { fetchWheels, hasWheels } = wheelsPackage;

/** Makes a wheel whose one file is a program that prints its version. */
const MAKE_WHEEL = `
import sys, zipfile
folder, name, version = sys.argv[1:]
info = f"{name}-{version}.dist-info"
files = {
    f"{name}-{version}.data/scripts/{name}": f"#!/bin/sh\\necho {version}\\n",
    f"{info}/METADATA": f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n",
    f"{info}/WHEEL": "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
}
files[f"{info}/RECORD"] = "".join(f"{file},,\\n" for file in [*files, f"{info}/RECORD"])
with zipfile.ZipFile(f"{folder}/{name}-{version}-py3-none-any.whl", "w") as wheel:
    for file, text in files.items():
        entry = zipfile.ZipInfo(file)
        entry.external_attr = 0o100755 << 16
        wheel.writestr(entry, text)`;

const hasPip = spawnSync("python3", ["-m", "pip", "--version"]).status === 0;
if (!hasPip) process.stderr.write("\nTests with a real pip are skipped: no python3 with pip.\n");

(hasPip ? describe : describe.skip)("a real pip", () => {
  const index = newFolder();
  let digest: string;

  beforeAll(() => {
    execFileSync("python3", ["-c", MAKE_WHEEL, index, "ninja", "1.13.0"]);
    const [file = ""] = readdirSync(index);
    digest = createHash("sha256")
      .update(readFileSync(join(index, file)))
      .digest("hex");
    Object.assign(process.env, {
      PIP_CONFIG_FILE: "/dev/null",
      PIP_NO_INDEX: "1",
      PIP_FIND_LINKS: index,
    });
  });
  const fetch = (version: string, digests: readonly string[], folder: string) =>
    fetchWheels([{ name: "ninja", version, digests }], folder, { python: "python3" });

  test("unpacks what was pinned, and nothing else", async () => {
    const folder = join(newFolder(), "ninja");
    await fetch("1.13.0", ["0".repeat(64), digest], folder);
    expect(execFileSync(join(folder, "bin/ninja")).toString()).toBe("1.13.0\n");
    const pinned = [{ name: "ninja", version: "1.13.0", digests: ["1".repeat(64)] }];
    await expect(fetchWheels(pinned, folder, { python: "python3" })).rejects.toMatchObject({
      fault: "digest",
      reason: expect.stringContaining("gave as ninja 1.13.0 is not what was pinned"),
    });
    // What was there is there still.
    expect(readdirSync(dirname(folder))).toEqual(["ninja"]);
    expect(existsSync(join(folder, "bin/ninja")) && hasWheels(folder)).toBe(true);
    expect(hasWheels(folder, pinned)).toBe(false);
  });

  test("says that there is no such version", async () => {
    const folder = join(newFolder(), "ninja");
    await expect(fetch("9.9", [digest], folder)).rejects.toMatchObject({ fault: "wheel" });
    expect(readdirSync(dirname(folder))).toEqual([]);
  });

  test("runs the example of the README, in which only the file's digest is another", async () => {
    const [block] = codeBlocks(readFileSync(join(__dirname, "../README.md"), "utf8"));
    const code = block!.code
      .replace(/"[0-9a-f]{64}"/, JSON.stringify(digest))
      .replace(/^import (.*) from (".*");$/gm, "const $1 = load($2);");
    const said: string[] = [];
    const shown: string[] = [];
    const AsyncFunction = (async () => {}).constructor as new (
      ...parts: string[]
    ) => (...given: unknown[]) => Promise<void>;
    process.env.MY_PROGRAM_CACHE = newFolder();
    await new AsyncFunction("load", "console", "process", code)(
      (name: string) =>
        name === "@bioflax/wheels" ? wheelsPackage : createRequire(__filename)(name),
      { log: (text: string) => said.push(text) },
      { stderr: { write: (text: string) => shown.push(text) } },
    );
    expect(said).toEqual(["1.13.0\n"]);
    expect(shown[0]).toBe("fetches ninja 1.13.0 from PyPI …\n");
  });
});
