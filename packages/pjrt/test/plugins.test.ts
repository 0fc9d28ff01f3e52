import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { newFolder, pip } from "../../wheels/test/programs";
import {
  cacheFolder,
  findPlugin,
  installPlugin,
  type KnownPlugin,
  knownPlugins,
  loadPlugin,
  PluginError,
  type PluginName,
  pluginNames,
  uninstallPlugin,
} from "../src/index";
import { checkApiVersion } from "../src/plugin";
import { knownPlugin } from "../src/plugins/known-plugins";
import { requirePlatform } from "../src/plugins/platform";

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
    const none = await caught(() => loadPlugin(join(newFolder(), "none.so")));
    expect(none).toMatchObject({ fault: "file" });
    expect(none.message).toContain("There is no plugin");
    const file = join(newFolder(), "text.so");
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

describe("what is in the way of wheels is a PluginError, and what a plugin's user can do", () => {
  const machine = `${process.platform}-${process.arch}`;
  const name = pluginNames.find((one) =>
    (knownPlugins[one].machines as readonly string[]).includes(machine),
  )!;
  const [{ name: wheel, version }] = knownPlugins[name].wheels;

  test.each([
    ["No space left", "space", "Make room, or have the cache elsewhere (PJRT_CACHE)."],
    ["ERROR: No matching distribution", "platform", "is loaded by its path."],
    ["DO NOT MATCH THE HASHES", "digest", `gave as ${wheel} ${version}`],
    ["Timeout", "network", "It needs PyPI or a mirror of it"],
  ])("%s", async (said, fault, text) => {
    const cache = newFolder();
    const python = pip(`echo "${said}" >&2; exit 1`);
    const error = await caught(() => installPlugin(name, { cache, python }));
    expect(error).toMatchObject({ fault });
    expect(error.message).toContain(text);
    expect(readdirSync(cache)).toEqual([]);
  });

  test("no pip", async () => {
    const error = await caught(() =>
      installPlugin(name, { cache: newFolder(), python: "/none/python" }),
    );
    expect(error).toMatchObject({ fault: "python" });
    expect(error.message).toMatch(
      /^\/none\/python is not a Python that can be started\. Install .*, or name another Python with --python\.$/,
    );
  });

  test("and a wheel without the library", async () => {
    const python = pip('mkdir -p "$5"');
    const error = await caught(() => installPlugin(name, { cache: newFolder(), python }));
    expect(error).toMatchObject({ fault: "file", reason: expect.stringContaining("but has no ") });
  });
});

test("the cache is where the environment says", () => {
  expect(cacheFolder({ PJRT_CACHE: "/x" })).toBe("/x");
  expect(cacheFolder({ XDG_CACHE_HOME: "/y" })).toBe("/y/bioflax/pjrt");
  expect(cacheFolder({ XDG_CACHE_HOME: "relative" })).toMatch(/\.cache\/bioflax\/pjrt$/);
});

test("a plugin is found where it is named, in the cache, in the active Python environment, in this order", () => {
  const { library, wheels } = knownPlugins.cuda13;
  const environment = newFolder();
  const ofEnvironment = join(environment, "lib/python3.12/site-packages", library);
  mkdirSync(dirname(ofEnvironment), { recursive: true });
  writeFileSync(ofEnvironment, "");
  const cache = newFolder();
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

test("the command lists plugins, and has a status and a sentence for what is wrong", () => {
  const command = (...args: string[]) => {
    try {
      const out = execFileSync(process.execPath, [join(__dirname, "../bin/pjrt.js"), ...args], {
        env: { PJRT_CACHE: newFolder(), PATH: process.env.PATH },
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
