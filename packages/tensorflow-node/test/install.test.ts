import {
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { addUser, runProgram } from "@bioflax/wheels";
import { describe, expect, test } from "@jest/globals";
import { newFolder, pip, program, pythonWith } from "../../wheels/test/programs";
import { cacheFolder } from "../src/cache-folder";
import { findCompiler } from "../src/compile";
import {
  findPackage,
  InstallError,
  install,
  platformOf,
  readManifest,
  showInstallation,
  supplyUtilFunctions,
  uninstall,
} from "../src/index";
import { manifestFile, sha256Of } from "../src/manifest";
import { readPackage } from "../src/npm-package";
import { prove } from "../src/prove";
import { fetchTensorFlow, findTensorFlow, readTensorFlow } from "../src/tensorflow";

/** Where nothing is. */
const none = join(newFolder(), "none");
const linux = platformOf({ platform: "linux", arch: "x64", glibc: "2.36" });
const machine = { platform: "linux", arch: "x64", glibc: "2.36" } as const;
const caught = async (work: () => unknown): Promise<InstallError> => {
  try {
    await work();
  } catch (error) {
    expect(error).toBeInstanceOf(InstallError);
    return error as InstallError;
  }
  throw new Error("nothing was thrown");
};

describe("a platform without a TensorFlow to link with is refused, with the reason", () => {
  test.each([
    [{ platform: "win32", arch: "x64", glibc: undefined }, "Use Linux in WSL 2"],
    [{ platform: "linux", arch: "x64", glibc: undefined }, "musl, such as Alpine"],
    [{ platform: "linux", arch: "ia32", glibc: "2.36" }, "no wheel for linux on ia32"],
    [{ platform: "darwin", arch: "x64", glibc: undefined }, "no wheel for darwin on x64"],
  ] as const)("%j", async (given, text) => {
    const error = await caught(() => platformOf(given));
    expect(error).toMatchObject({ fault: "platform" });
    expect(error.message).toContain(text);
  });

  test("the others differ in their libraries, and only Linux on x64 has CUDA", () => {
    expect(linux).toMatchObject({ hasCuda: true });
    expect(linux.libraries[0]).toBe("libtensorflow_cc.so.2");
    expect(platformOf({ ...machine, arch: "arm64" })).toMatchObject({ hasCuda: false });
    expect(platformOf({ platform: "darwin", arch: "arm64", glibc: undefined }).libraries[0]).toBe(
      "libtensorflow_cc.2.dylib",
    );
  });
});

describe("what is missing is named, with what gets it", () => {
  test("the npm package, by the command, which has status 1", async () => {
    const command = join(__dirname, "../bin/tensorflow-node.js");
    const ran = await runProgram(process.execPath, [command, "install", "tensorflow-gpu"], {
      cwd: newFolder(),
      // Where package managers put what a command of theirs may load.
      env: { NODE_PATH: undefined },
    });
    expect(ran).toMatchObject({ status: 1, stdout: "" });
    expect(ran!.stderr).toContain("@tensorflow/tfjs-node-gpu is not installed, as seen from");
    expect(ran!.stderr).toContain(
      "`npm install --ignore-scripts @tensorflow/tfjs-node-gpu` adds it",
    );
  });

  test("a C++ compiler", async () => {
    const named = await caught(() => findCompiler({ CXX: none }, linux));
    expect(named.message).toContain(
      "is not a C++ compiler that can be started. Install one (Debian",
    );
    const works = program("echo 'own++ 1.0'");
    expect(await findCompiler({ CXX: works }, linux)).toEqual({
      command: works,
      version: "own++ 1.0",
    });
  });

  test("TensorFlow in a Python that is given, which is left as it is", async () => {
    const python = pythonWith({}, "");
    const find = (target: "tensorflow" | "tensorflow-gpu") =>
      findTensorFlow({
        ...{ target, python, cudaLibraries: true, cache: newFolder(), env: {}, machine },
        ...{ platform: linux, onProgress: () => {} },
      });
    expect((await caught(() => find("tensorflow"))).message).toContain(
      `has no TensorFlow. \`${python} -m pip install tensorflow-cpu\` adds it`,
    );
    expect((await caught(() => find("tensorflow-gpu"))).message).toContain(
      "'tensorflow[and-cuda]'",
    );
  });
});

/** What pip leaves of a TensorFlow, in parts. */
function installed(version: string, { elf = 0x3e, headers = true, library = true } = {}) {
  const site = newFolder();
  const tensorflow = join(site, "tensorflow");
  mkdirSync(join(tensorflow, "include/tensorflow/c/eager"), { recursive: true });
  const info = join(site, `tensorflow_cpu-${version}.dist-info`);
  mkdirSync(info);
  writeFileSync(join(info, "RECORD"), "tensorflow/__init__.py,sha256=x,1\n");
  // Another package whose name begins alike.
  mkdirSync(join(site, "tensorflow_hub-0.1.0.dist-info"));
  if (headers) writeFileSync(join(tensorflow, "include/tensorflow/c/eager/c_api.h"), "");
  const head = Buffer.alloc(20);
  head.write("\x7fELF", "latin1");
  head.writeUInt16LE(elf, 18);
  for (const name of library ? linux.libraries : []) writeFileSync(join(tensorflow, name), head);
  return tensorflow;
}

/** A project with the npm package, and a native part in it. */
function project() {
  const root = newFolder();
  const own = join(root, "node_modules/@tensorflow/tfjs-node");
  mkdirSync(join(own, "binding"), { recursive: true });
  writeFileSync(join(own, "binding/tfjs_backend.cc"), "");
  const manifest = {
    name: "@tensorflow/tfjs-node",
    version: "4.22.0",
    binary: { napi_versions: [7, 8, 99] },
  };
  writeFileSync(join(own, "package.json"), JSON.stringify(manifest));
  return { root, npmPackage: readPackage(join(own, "package.json")) };
}

describe("a TensorFlow that an addon cannot be linked with is refused", () => {
  const read = (path: string) => readTensorFlow(path, "python", linux, machine);

  test.each([
    ["2.9.1", {}, "is 2.9.1, and it takes 2.16 or a newer 2."],
    ["3.0.0", {}, "is 3.0.0, and it takes 2.16"],
    ["2.21.0", { library: false }, "has no libtensorflow_cc.so.2."],
    ["2.21.0", { headers: false }, "has no C headers"],
    ["2.21.0", { elf: 0xb7 }, "is made for arm64, and this Node for x64."],
  ])("%s, %j", async (version, parts, text) => {
    const error = await caught(() => read(installed(version, parts)));
    expect(error).toMatchObject({ fault: "tensorflow" });
    expect(error.message).toContain(text);
  });

  test("one that can be tells its version, and CUDA's", () => {
    const path = installed("2.21.0");
    expect(read(path)).toEqual({
      version: "2.21.0",
      folder: path,
      source: "python",
      cuda: undefined,
    });
    mkdirSync(join(path, "python/platform"), { recursive: true });
    writeFileSync(
      join(path, "python/platform/build_info.py"),
      "build_info = collections.OrderedDict([('cuda_version', '12.5.1'), ('is_cuda_build', True)])",
    );
    expect(read(path)).toMatchObject({ cuda: "12.5.1" });
    expect(() => read(newFolder())).toThrow("was not installed by pip");
  });
});

describe("what is in the way of TensorFlow's wheel is an InstallError, and what its user can do", () => {
  /** Fetches TensorFlow where the active environment's pip does what a script says. */
  const fetch = (
    script: string,
    version?: string,
    target: "tensorflow" | "tensorflow-gpu" = "tensorflow",
  ) => {
    const environment = newFolder();
    mkdirSync(join(environment, "bin"));
    symlinkSync(pip(script), join(environment, "bin/python"));
    const cache = newFolder();
    return fetchTensorFlow({
      ...{
        target,
        version,
        cudaLibraries: true,
        cache,
        env: { VIRTUAL_ENV: environment },
        machine,
      },
      ...{ platform: linux, onProgress: () => {} },
    });
  };

  test.each([
    ["No space left", "space", "Make room, or have the cache elsewhere (XDG_CACHE_HOME)."],
    ["ERROR: No matching distribution", "tensorflow", "Name a Python that has TensorFlow with"],
    ["DO NOT MATCH THE HASHES", "digest", "gave as tensorflow-cpu 2.21.0 is not what was pinned"],
    ["Timeout", "network", "HTTPS_PROXY); or name a Python that has TensorFlow with --python."],
  ])("%s", async (said, fault, text) => {
    const error = await caught(() => fetch(`echo "${said}" >&2; exit 1`));
    expect(error).toMatchObject({ fault });
    expect(error.message).toContain(text);
  });

  test("the version that is ours is pinned, another one and CUDA's libraries are not", async () => {
    const asked = async (...given: [string?, "tensorflow-gpu"?]) => {
      const error = await caught(() => fetch('cat "$7" >&2; exit 1', ...given));
      return /\((.*)\)/.exec(error.message)?.[1];
    };
    expect(await asked()).toMatch(/^tensorflow-cpu==2\.21\.0 --hash=sha256:[0-9a-f]{64}$/);
    expect(await asked("2.20.0")).toBe("tensorflow-cpu==2.20.0");
    expect(await asked(undefined, "tensorflow-gpu")).toBe("tensorflow[and-cuda]==2.21.0");
    await expect(fetch("exit 1", "--pre")).rejects.toThrow(
      '"--pre" is no version of tensorflow-cpu',
    );
  });
});

test("util gets back what it lacks, and what warns is replaced; what does neither is kept", () => {
  const own = () => "own";
  const util: Record<string, unknown> = { isArray: own };
  supplyUtilFunctions(util, 20);
  const { isNullOrUndefined } = util as { isNullOrUndefined: (value: unknown) => boolean };
  expect(util.isArray).toBe(own);
  expect([null, undefined, 0, ""].map(isNullOrUndefined)).toEqual([true, true, false, false]);
  supplyUtilFunctions(util, 24);
  expect(util.isArray).toBe(Array.isArray);
});

test("the cache is where the environment says", () => {
  expect(cacheFolder({ TENSORFLOW_NODE_CACHE: "/x" })).toBe("/x");
  expect(cacheFolder({ XDG_CACHE_HOME: "/y" })).toBe("/y/tensorflow-node");
  expect(cacheFolder({ XDG_CACHE_HOME: "relative" })).toMatch(/\.cache\/tensorflow-node$/);
});

describe("an installed native part", () => {
  test("is where the package looks: for the newest Node-API that both know", () => {
    expect(project().npmPackage.addon).toMatch(/tfjs-node\/lib\/napi-v8\/tfjs_binding\.node$/);
  });

  test("is removed with what came with it; another's comes back, and one that is not ours stays", () => {
    const { root, npmPackage } = project();
    const { addon } = npmPackage;
    mkdirSync(dirname(addon), { recursive: true });
    writeFileSync(addon, "downloaded");
    expect(uninstall("tensorflow", { from: root })).toMatchObject({ addon: false });
    expect(readFileSync(addon, "utf8")).toBe("downloaded");
    writeFileSync(addon.replace(/\.node$/, ".before.node"), "downloaded");
    writeFileSync(addon, "ours");
    writeFileSync(join(dirname(addon), "beside.so"), "");
    const cached = join(newFolder(), "tensorflow-cpu-2");
    addUser(cached, addon);
    writeFileSync(
      manifestFile(npmPackage),
      JSON.stringify({
        addon: { file: addon, sha256: sha256Of(addon), companions: ["beside.so"] },
        tensorflow: { source: "cache", folder: join(cached, "tensorflow") },
      }),
    );
    // What was there before uses nothing of ours.
    expect(uninstall("tensorflow", { from: root })).toMatchObject({ addon: true });
    expect(readdirSync(dirname(addon))).toEqual(["tfjs_binding.node"]);
    expect(readFileSync(addon, "utf8")).toBe("downloaded");
  });

  test("stays as it was when a new one cannot be made", async () => {
    const { root, npmPackage } = project();
    mkdirSync(dirname(npmPackage.addon), { recursive: true });
    writeFileSync(npmPackage.addon, "works");
    const error = await caught(() =>
      install("tensorflow", {
        from: root,
        python: none,
        cache: newFolder(),
        env: { CXX: program("") },
      }),
    );
    expect(error).toMatchObject({ fault: "python" });
    expect(readdirSync(dirname(npmPackage.addon))).toEqual(["tfjs_binding.node"]);
    expect(readFileSync(npmPackage.addon, "utf8")).toBe("works");
  });
});

describe("what is installed already", () => {
  /** A project whose native part is noted as made just as it would be made now, but is no library. */
  function noted(changes: { tensorflow?: string; companion?: string } = {}) {
    const { root, npmPackage } = project();
    const { addon } = npmPackage;
    const tensorflow = installed("2.21.0");
    mkdirSync(dirname(addon), { recursive: true });
    writeFileSync(addon, "no library");
    const { version: madeBy } = createRequire(__filename)("../package.json");
    const manifest = {
      package: { name: npmPackage.name, version: npmPackage.version },
      madeBy,
      addon: {
        file: addon,
        sha256: sha256Of(addon),
        companions: [changes.companion].flatMap((one) => one ?? []),
      },
      tensorflow: { version: "2.21.0", folder: changes.tensorflow ?? tensorflow, source: "python" },
    };
    writeFileSync(manifestFile(npmPackage), JSON.stringify(manifest));
    const python = pythonWith({ tensorflow }, "");
    return async (options: { reinstall?: boolean } = {}) => {
      const told: string[] = [];
      const error = await caught(() =>
        install("tensorflow", {
          ...{
            from: root,
            python,
            cache: newFolder(),
            env: { CXX: none },
            ...options,
          },
          onProgress: ({ what }) => told.push(what),
        }),
      );
      return { told, fault: error.fault };
    };
  }
  const TRIES = "tries @tensorflow/tfjs-node, which is installed already";

  test("is tried, and made anew where it does not work", async () => {
    expect(await noted()()).toEqual({ told: [TRIES], fault: "compiler" });
  });

  test("is made anew where that is asked for, another TensorFlow is to be used, or a part is gone", async () => {
    for (const again of [
      noted()({ reinstall: true }),
      noted({ tensorflow: "/elsewhere" })(),
      noted({ companion: "beside.so" })(),
    ])
      expect(await again).toEqual({ told: [], fault: "compiler" });
  });
});

const whereInstalled = process.env.BIOFLAX_TENSORFLOW ? describe : describe.skip;
whereInstalled("the real one", () => {
  const npmPackage = () => findPackage("tensorflow", dirname(__dirname));

  test("trains a small network in a process of its own", async () => {
    const { addon } = npmPackage();
    const proof = await prove(npmPackage(), addon);
    expect(proof).toMatchObject({ tensorflow: process.env.BIOFLAX_TENSORFLOW });
    expect(proof.accuracy).toBeGreaterThan(0.9);
  });

  test("is tried, not made anew, where the same is installed already: without a compiler", async () => {
    const { addon } = npmPackage();
    const { tensorflow } = readManifest(npmPackage())!;
    const before = statSync(addon);
    const again = (reinstall: boolean) =>
      install("tensorflow", {
        ...{ from: dirname(__dirname), cache: dirname(dirname(tensorflow.folder)), reinstall },
        env: { ...process.env, CXX: none },
      });
    const done = await again(false);
    expect(done).toMatchObject({ wasInstalled: true, tensorflow: { folder: tensorflow.folder } });
    expect(done.proof.accuracy).toBeGreaterThan(0.9);
    expect(showInstallation(done)).toContain("was installed already, and runs on TensorFlow 2.");
    expect(statSync(addon)).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
    expect(await caught(() => again(true))).toMatchObject({ fault: "compiler" });
  });

  test("that is no library says so, in the loader's words", async () => {
    const broken = join(newFolder(), "broken.node");
    writeFileSync(broken, "no library");
    const error = await caught(() => prove(npmPackage(), broken));
    expect(error).toMatchObject({ fault: "proof" });
    expect(error.message).toMatch(/could not train a small network \(.*broken\.node: .+\)\./);
  });
});
