import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { knownPlugins } from "@bioflax/pjrt";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { runBioflax } from "../../../test/run-bioflax";
import { scratchFolder } from "../../../test/scratch";
import { hasXla } from "../../../test/xla-plugin";
import { installDevice } from "../install/install-device";
import { probeDevice } from "../probe";
import { pluginFor } from "./choose-plugin";
import { openDevice } from "./open-device";
import { findPluginOf, versionOf } from "./plugin";

const scratch = scratchFolder();
const here = hasXla ? describe : describe.skip;
const { PJRT_CACHE, BIOFLAX_CACHE, PJRT_NAMES_AND_LIBRARY_PATHS, VIRTUAL_ENV, CONDA_PREFIX } =
  process.env;
const before = {
  PJRT_CACHE,
  BIOFLAX_CACHE,
  PJRT_NAMES_AND_LIBRARY_PATHS,
  VIRTUAL_ENV,
  CONDA_PREFIX,
};

afterEach(() => {
  for (const [name, value] of Object.entries(before))
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
});

/** No plugin but those of a cache of our own. */
function emptyCache(): string {
  for (const name of Object.keys(before)) delete process.env[name];
  process.env.BIOFLAX_CACHE = mkdtempSync(join(scratch, "cache-"));
  return process.env.BIOFLAX_CACHE;
}

here("a device of XLA's", () => {
  test("tells what computes and what it is made of, and how fast it multiplies if asked", async () => {
    const report = await probeDevice("xla", "cpu", { measure: true });
    expect(report).toMatchObject({ engine: "xla", device: "cpu", state: "available" });
    expect(report.hardware).not.toBe("");
    expect(Object.values(report.versions!)).toEqual([expect.stringMatching(/^\d/)]);
    expect(report.gigaflops).toBeGreaterThan(0);
  });

  test("auto is the first that starts, with the reason; threads are those that are asked for", async () => {
    const device = await openDevice("auto", 1);
    expect(device).toMatchObject({
      name: "cpu",
      why: "no tpu, no cuda, no rocm, no oneapi, no metal here",
      threads: 1,
    });
    expect(process.env.PJRT_NPROC).toBe("1");
    device.release();
  });

  test("is shared by those who use it, and freed by the last", async () => {
    const [one, other] = await Promise.all([openDevice("cpu", 2), openDevice("cpu", 2)]);
    expect(other.client).toBe(one.client);
    one.release();
    await expect(other.client.buffer(Float32Array.of(1))).resolves.toBeDefined();
    other.release();
    await Promise.resolve();
    await expect(other.client.buffer(Float32Array.of(1))).rejects.toThrow("destroyed");
    const again = await openDevice("cpu", 2);
    expect(again.client).not.toBe(one.client);
    again.release();
  });
});

describe("a device of XLA's that is not there", () => {
  test("is missing, with the command that gets its plugin", async () => {
    emptyCache();
    expect(await probeDevice("xla", "oneapi")).toMatchObject({
      state: "missing",
      reason: "XLA's plugin for Intel's GPUs is not installed.",
      remedy:
        "`bioflax devices --install xla-oneapi` fetches it from PyPI; it needs Intel's GPU driver and oneAPI's libraries. Without it, use --engine compiled.",
    });
    await expect(openDevice("auto")).rejects.toThrow("bioflax devices --install xla-cpu");
    await expect(openDevice("gpu")).rejects.toThrow('The engine xla has no device "gpu".');
    const ran = await runBioflax(["train", "--dataset", "sinreg", "--engine", "xla"]);
    expect(ran).toMatchObject({ status: 2, stdout: "" });
    expect(ran.stderr).toContain("XLA's plugin for the processor is not installed.");
  });

  test("is missing where no plugin is made for the machine, with the reason", async () => {
    emptyCache();
    const report = await probeDevice("xla", process.platform === "darwin" ? "tpu" : "metal");
    expect(report).toMatchObject({
      state: "missing",
      reason: expect.stringMatching(/ is made for \w+ on \w+ alone\.$/),
    });
  });

  test("is broken where its plugin is none", async () => {
    emptyCache();
    const file = join(scratch, "text.so");
    writeFileSync(file, "text");
    process.env.PJRT_NAMES_AND_LIBRARY_PATHS = `cuda12:${file}`;
    expect(await probeDevice("xla", "cuda")).toMatchObject({
      state: "broken",
      reason: expect.stringContaining("text.so cannot be loaded as a plugin"),
    });
  });
});

describe("the plugin for CUDA and ROCm is the newest that the driver takes", () => {
  const none = join(scratch, "none");
  const file = (text: string) => {
    const path = join(mkdtempSync(join(scratch, "driver-")), "version");
    writeFileSync(path, text);
    return path;
  };

  test.each([
    ["NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.129.03  Thu Oct 19", "cuda12"],
    ["NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.86.15  Release Build", "cuda12"],
    ["NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.65.06  Release Build", "cuda13"],
  ])("%s", (text, plugin) => {
    expect(pluginFor("cuda", { nvidia: file(text), rocm: none })).toBe(plugin);
  });

  test("without a driver", () => {
    const files = { nvidia: none, rocm: none };
    expect(pluginFor("cuda", files)).toBe("cuda13");
    expect(pluginFor("rocm", files)).toBe("rocm7");
    expect(pluginFor("rocm", { ...files, rocm: file("10.1.0-3") })).toBe("rocm10");
    expect(pluginFor("cpu", files)).toBe("cpu");
  });
});

describe("bioflax devices --install", () => {
  const { library, wheels } = knownPlugins.cpu;
  const folder = `cpu-${wheels[0].version}`;
  let cache: string;
  let runs = 0;
  beforeEach(() => {
    cache = emptyCache();
  });

  /** A Python whose pip makes a library that says which run of it that was; or that fails. */
  function python(fails = false): string {
    const file = join(mkdtempSync(join(scratch, "python-")), "python");
    const notes = `${wheels[0].name.replaceAll("-", "_")}-${wheels[0].version}.dist-info`;
    // pip install --target FOLDER
    writeFileSync(
      file,
      `#!/bin/sh
if [ "$1" = -c ]; then echo '{ "version": "3.12.1", "packages": { "pip": "/pip" } }'; exit; fi
${fails ? "echo 'ERROR: it is broken' >&2; exit 1" : ""}
mkdir -p "$5/${dirname(library)}" "$5/${notes}"
echo ${++runs} > "$5/${library}"
`,
    );
    chmodSync(file, 0o755);
    return file;
  }
  const installed = () => readFileSync(join(cache, "pjrt", folder, library), "utf8").trim();

  test("fetches a plugin once, again with --reinstall, and takes it back", async () => {
    const args = ["devices", "--install", "xla-cpu", "--python"];
    const first = await runBioflax([...args, python()]);
    expect(first).toMatchObject({ status: 0 });
    expect(first.stdout).toMatch(
      /^XLA's plugin lammps-jax-pjrt-cpu [\d.]+ is installed: `bioflax train --engine xla --device cpu`\n/,
    );
    const made = installed();
    const found = await findPluginOf("cpu");
    expect(found.library).toBe(join(cache, "pjrt", folder, library));
    expect(versionOf(found)).toBe(wheels[0].version);

    const second = await runBioflax([...args, python()]);
    expect(second.stdout).toContain("is installed, fetched before");
    expect(installed()).toBe(made);

    const failed = await runBioflax([...args, python(true), "--reinstall"]);
    expect(failed).toMatchObject({ status: 1, stdout: "" });
    expect(failed.stderr).toContain("it is broken");
    expect(installed()).toBe(made);

    const { library: anew } = (await installDevice("xla-cpu", {
      python: python(),
      reinstall: true,
    })) as { library: string };
    expect(anew).toBe(found.library);
    expect(installed()).not.toBe(made);
    expect(readdirSync(join(cache, "pjrt"))).toEqual([folder]);

    const removed = await runBioflax(["devices", "--uninstall", "xla-cpu"]);
    expect(removed.stdout).toBe(`Removed ${join(cache, "pjrt", folder)}\n`);
    expect(existsSync(join(cache, "pjrt", folder))).toBe(false);
    const none = await runBioflax(["devices", "--uninstall", "xla-cpu"]);
    expect(none.stdout).toBe("xla-cpu was not installed.\n");
  });

  test("says what is in the way", async () => {
    const ran = await runBioflax(["devices", "--install", "xla-cpu", "--python", "/nowhere"]);
    expect(ran).toMatchObject({ status: 1, stdout: "" });
    expect(ran.stderr).toContain("/nowhere is not a Python that can be started");
    const elsewhere = process.platform === "darwin" ? "xla-tpu" : "xla-metal";
    const other = await runBioflax(["devices", "--install", elsewhere]);
    expect(other.status).toBe(1);
    expect(other.stderr).toContain("is not made for");
    mkdirSync(join(cache, "pjrt"), { recursive: true });
    expect(readdirSync(join(cache, "pjrt"))).toEqual([]);
  });
});
