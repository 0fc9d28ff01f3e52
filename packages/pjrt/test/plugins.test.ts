import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import {
  cacheFolder,
  findPlugin,
  installPlugin,
  type KnownPlugin,
  knownPlugins,
  loadPlugin,
  PluginError,
  type PluginName,
  type Progress,
  ProgressLine,
  pluginNames,
  uninstallPlugin,
} from "../src/index";
import { checkApiVersion } from "../src/plugin";
import { fetchWheels, requirementsOf } from "../src/plugins/fetch-wheels";
import { knownPlugin } from "../src/plugins/known-plugins";
import { requirePlatform } from "../src/plugins/platform";
import { findPip } from "../src/plugins/python";

const scratch = realpathSync(mkdtempSync(join(tmpdir(), "pjrt-test-")));
afterAll(() => rmSync(scratch, { recursive: true }));
let count = 0;
const folder = () => {
  const path = join(scratch, String(count++));
  mkdirSync(path);
  return path;
};

/** A program that does what a shell script says. */
function program(script: string): string {
  const file = join(folder(), "program");
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

const caught = async (work: () => unknown): Promise<PluginError> => {
  try {
    await work();
  } catch (error) {
    expect(error).toBeInstanceOf(PluginError);
    return error as PluginError;
  }
  throw new Error("nothing was thrown");
};

describe("the plugins that are known", () => {
  test.each(pluginNames)("%s is pinned with its digests", (name) => {
    const { wheels, machines, room }: KnownPlugin = knownPlugins[name];
    for (const { version, digests } of wheels) {
      expect(version).toMatch(/^\d[\d.]+$/);
      // A file for each machine that it is made for.
      expect(digests).toHaveLength(machines.length);
      for (const digest of digests) expect(digest).toMatch(/^[0-9a-f]{64}$/);
    }
    const all = wheels.flatMap(({ digests }) => digests);
    expect(new Set(all).size).toBe(all.length);
    expect(room).toBeGreaterThan(3e8);
  });

  test("are named to pip with the digests of all their files", () => {
    expect(
      requirementsOf([
        { name: "a", version: "1.0", digests: ["x", "y"] },
        { name: "b", version: "2", digests: ["z"] },
      ]),
    ).toBe("a==1.0 --hash=sha256:x --hash=sha256:y\nb==2 --hash=sha256:z\n");
  });
});

describe("what cannot be had is refused, with the reason", () => {
  test.each([
    [
      "win32",
      "x64",
      "On Windows there are no PJRT plugins: nobody builds them for it. Use Linux in WSL 2",
    ],
    ["linux", "ia32", "There are no PJRT plugins for linux on ia32."],
    ["freebsd", "x64", "There are no PJRT plugins for freebsd on x64."],
  ] as const)("%s on %s", async (platform, arch, text) => {
    const error = await caught(() => requirePlatform({ platform, arch }));
    expect(error).toMatchObject({ fault: "platform" });
    expect(error.message).toContain(text);
  });

  test.each([
    [
      "cpu",
      "darwin",
      "arm64",
      undefined,
      "(lammps-jax-pjrt-cpu) is not made for darwin on arm64, but for linux on x64.",
    ],
    ["metal", "linux", "x64", "2.36", "but for darwin on arm64"],
    ["cuda13", "darwin", "arm64", undefined, "but for linux on x64 and linux on arm64"],
    ["cpu", "linux", "x64", undefined, "which this system (musl, such as Alpine) does not have"],
  ] as const)("%s for %s on %s", async (name, platform, arch, glibc, text) => {
    const error = await caught(() => knownPlugin(name, { platform, arch, glibc }));
    expect(error).toMatchObject({ fault: "platform" });
    expect(error.message).toContain(text);
  });

  test("an unknown name, with those that are known", async () => {
    const error = await caught(() => installPlugin("gpu" as PluginName));
    expect(error).toMatchObject({ fault: "name" });
    expect(error.message).toContain('There is no plugin "gpu". Those with wheels are cpu, cuda13');
  });

  test("a file that is not there, or is no plugin", async () => {
    const none = await caught(() => loadPlugin(join(scratch, "none.so")));
    expect(none).toMatchObject({ fault: "file" });
    expect(none.message).toContain("There is no plugin");
    const file = join(folder(), "text.so");
    writeFileSync(file, "text");
    const text = await caught(() => loadPlugin(file));
    expect(text).toMatchObject({ fault: "file" });
    expect(text.message).toMatch(/text\.so cannot be loaded as a plugin \(.+\)\. A plugin is/);
  });

  test.each([
    [{ major: 0, minor: 32 }, "0.32", "Take a newer plugin."],
    [{ major: 1, minor: 0 }, "1.0", "Take a newer version of this package."],
  ])("another version of the interface: %j", async (version, text, remedy) => {
    const error = await caught(() => checkApiVersion(version, "/x.so"));
    expect(error).toMatchObject({ fault: "version", remedy });
    expect(error.message).toContain(`/x.so speaks version ${text} of PJRT's interface`);
  });

  test("the oldest and any newer version of the same kind is not", () => {
    for (const minor of [33, 115, 999]) checkApiVersion({ major: 0, minor }, "");
  });
});

describe("wheels", () => {
  const wheels = [{ name: "some", version: "1", digests: ["0"] }];
  /** Where the command of fetchWheels has the folder to install to, as a script sees it. */
  const TARGET = "$5";

  test("appear all together, and are fetched once; progress is told in bytes", async () => {
    const target = join(folder(), "some-1");
    const pip = program(
      `mkdir -p "${TARGET}/some"; cp "$9" "${TARGET}/some/file"; echo "Downloading some-1-py3-none-any.whl (1.5 MB)"; sleep 1`,
    );
    const told: Progress[] = [];
    await fetchWheels(pip, wheels, 0, target, (progress) => told.push(progress));
    expect(readFileSync(join(target, "some/file"), "utf8")).toBe("some==1 --hash=sha256:0\n");
    expect(told).toContainEqual({
      what: "downloads some-1-py3-none-any.whl",
      done: 0,
      total: 1.5e6,
    });
    expect(readdirSync(dirname(target))).toEqual(["some-1"]);
    await fetchWheels(program("exit 1"), wheels, 0, target);
  });

  test.each([
    ["WARNING: NewConnectionError\nERROR: Could not find a version", "network", "PyPI or a mirror"],
    ["OSError: [Errno 28] No space left on device", "space", "Make room"],
    [
      "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
      "digest",
      "some 1 is not what this package was tried with",
    ],
    ["ERROR: No matching distribution found for some==1", "platform", "loaded by its path"],
    ["ERROR: something else.", "network", "pip could not install some 1 (something else)."],
  ])("that pip cannot fetch leave nothing: %s", async (said, fault, text) => {
    const target = join(folder(), "some-1");
    const pip = program(`mkdir -p "${TARGET}/half"; cat >&2 <<'END'\n${said}\nEND\nexit 1`);
    const error = await caught(() => fetchWheels(pip, wheels, 0, target));
    expect(error).toMatchObject({ fault });
    expect(error.message).toContain(text);
    expect(readdirSync(dirname(target))).toEqual([]);
  });

  test("that a process left unfinished, and is no more, are cleared away", async () => {
    const parent = folder();
    // No process has the number: it is beyond what systems give.
    for (const name of ["unfinished-99999999-x", `unfinished-${process.pid}-x`])
      mkdirSync(join(parent, name));
    await fetchWheels(program(`mkdir -p "${TARGET}"`), wheels, 0, join(parent, "some-1"));
    expect(readdirSync(parent).sort()).toEqual(["some-1", `unfinished-${process.pid}-x`]);
  });

  test("are not begun where there is no room for them", async () => {
    const target = join(folder(), "some-1");
    const error = await caught(() => fetchWheels(program("exit 1"), wheels, 1e18, target));
    expect(error.message).toMatch(/^There is too little room in .*, and it takes 1000000000\.0 GB/);
  });

  test("need a Python with pip", async () => {
    const none = await caught(() => findPip(join(scratch, "none"), {}));
    expect(none).toMatchObject({ fault: "python" });
    expect(none.message).toContain("There is no Python here by the name");
    const bare = program("exit 1");
    expect((await caught(() => findPip(bare, {}))).message).toContain(`${bare} has no pip`);
    const works = program("exit 0");
    expect(await findPip(works, {})).toBe(works);
  });
});

test("the cache is where the environment says", () => {
  expect(cacheFolder({ PJRT_CACHE: "/x" })).toBe("/x");
  expect(cacheFolder({ XDG_CACHE_HOME: "/y" })).toBe("/y/bioflax/pjrt");
  expect(cacheFolder({ XDG_CACHE_HOME: "relative" })).toMatch(/\.cache\/bioflax\/pjrt$/);
});

test("a plugin is found where it is named, in the cache, in the active Python environment, in this order", () => {
  const { library, wheels } = knownPlugins.cuda13;
  const environment = folder();
  const ofEnvironment = join(environment, "lib/python3.12/site-packages", library);
  mkdirSync(dirname(ofEnvironment), { recursive: true });
  writeFileSync(ofEnvironment, "");
  const cache = folder();
  const env = { VIRTUAL_ENV: environment };
  expect(findPlugin("cuda13", { env: {}, cache })).toBeUndefined();
  expect(findPlugin("cuda13", { env, cache })).toBe(ofEnvironment);
  const own = join(cache, `cuda13-${wheels[0].version}`);
  mkdirSync(own);
  // Not all of it is there.
  expect(findPlugin("cuda13", { env, cache })).toBe(ofEnvironment);
  writeFileSync(join(own, ".complete"), "");
  expect(findPlugin("cuda13", { env, cache })).toBe(join(own, library));
  const named = { ...env, PJRT_NAMES_AND_LIBRARY_PATHS: "other:/a.so, cuda13:/b:c.so" };
  expect(findPlugin("cuda13", { env: named, cache })).toBe("/b:c.so");
  expect(uninstallPlugin("cuda13", { env, cache })).toBe(own);
  expect(uninstallPlugin("cuda13", { env, cache })).toBeUndefined();
  expect(existsSync(own)).toBe(false);
});

test("progress is a line whenever it changes where there is no terminal, and one line of a terminal", () => {
  const show = (isTTY: boolean) => {
    let text = "";
    const line = new ProgressLine({ isTTY, write: (more) => (text += more) });
    line.show({ what: "downloads a", done: 1e6, total: 2e6 });
    line.show({ what: "downloads a", done: 2e6, total: 2e6 });
    line.end();
    return text;
  };
  expect(show(false)).toBe("downloads a …\n");
  expect(show(true).split("\r\x1b[2K")).toEqual([
    "",
    "downloads a 1 of 2 MB …",
    "downloads a 2 of 2 MB …",
    "",
  ]);
});

test("the command lists plugins, and has a status and a sentence for what is wrong", () => {
  const command = (...args: string[]) => {
    try {
      const out = execFileSync(process.execPath, [join(__dirname, "../bin/pjrt.js"), ...args], {
        env: { PJRT_CACHE: scratch, PATH: process.env.PATH },
        encoding: "utf8",
        stdio: "pipe",
      });
      return { status: 0, out };
    } catch (error) {
      const { status, stderr } = error as { status: number; stderr: string };
      return { status, out: stderr };
    }
  };
  expect(command("list").out).toContain("not here: `pjrt install cuda13`; needs NVIDIA's driver");
  expect(command("--help")).toMatchObject({ status: 0 });
  expect(command("install")).toMatchObject({ status: 2 });
  expect(command("install", "gpu").out).toMatch(/^error: There is no plugin "gpu"\./);
  expect(command("devices", "tpu")).toEqual({
    status: 1,
    out: "error: The plugin tpu is not on this machine. `pjrt install tpu` gets it.\n",
  });
  expect(command("uninstall", "tpu").out).toBe("tpu was not installed.\n");
});
