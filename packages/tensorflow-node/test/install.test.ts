import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { cacheFolder } from "../src/cache-folder";
import { findCompiler } from "../src/compile";
import { fetchWheels } from "../src/fetch-wheels";
import {
  addUser,
  findPackage,
  InstallError,
  install,
  platformOf,
  readManifest,
  removeUser,
  showInstallation,
  supplyUtilFunctions,
  uninstall,
} from "../src/index";
import { manifestFile, sha256Of } from "../src/manifest";
import { readPackage } from "../src/npm-package";
import type { Progress } from "../src/progress";
import { prove } from "../src/prove";
import { findPip, inspectPython, type Python } from "../src/python";
import { runProgram } from "../src/run-program";
import { findTensorFlow, readTensorFlow } from "../src/tensorflow";

const scratch = realpathSync(mkdtempSync(join(tmpdir(), "tensorflow-node-test-")));
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
      cwd: folder(),
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
    const named = await caught(() => findCompiler({ CXX: join(scratch, "none") }, linux));
    expect(named.message).toContain(
      "is not a C++ compiler that can be started. Install one (Debian",
    );
    const works = program("echo 'own++ 1.0'");
    expect(await findCompiler({ CXX: works }, linux)).toEqual({
      command: works,
      version: "own++ 1.0",
    });
  });

  test("Python, or its pip", async () => {
    const none = await caught(() => findPip(join(scratch, "none"), {}, linux));
    expect(none).toMatchObject({ fault: "python" });
    expect(none.message).toContain("is not a Python that can be started. Install it (Debian");
    const bare = program(`echo '{"version": "3.12.1", "hasPip": false, "tensorflow": null}'`);
    const error = await caught(() => findPip(bare, {}, linux));
    expect(error.message).toContain(
      "(Python 3.12.1) has no pip, which fetches TensorFlow from PyPI.",
    );
  });

  test("TensorFlow in a Python that is given, which is left as it is", async () => {
    const python = program(`echo '{"version": "3.12.1", "hasPip": true, "tensorflow": null}'`);
    const find = (target: "tensorflow" | "tensorflow-gpu") =>
      findTensorFlow({
        ...{ target, python, cudaLibraries: true, cache: scratch, env: {}, machine },
        ...{ platform: linux, onProgress: () => {} },
      });
    expect((await caught(() => find("tensorflow"))).message).toContain(
      `has no TensorFlow. \`${python} -m pip install tensorflow-cpu\` adds it`,
    );
    expect((await caught(() => find("tensorflow-gpu"))).message).toContain(
      "'tensorflow[and-cuda]'",
    );
  });

  test("a Python that says nothing of use is none", async () => {
    expect(await inspectPython(program("echo no json"))).toBeUndefined();
    expect(await inspectPython(program("exit 3"))).toBeUndefined();
  });
});

/** What pip leaves of a TensorFlow, in parts. */
function installed(version: string, { elf = 0x3e, headers = true, library = true } = {}) {
  const site = folder();
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
  const root = folder();
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
    expect(() => read(folder())).toThrow("was not installed by pip");
  });
});

describe("wheels", () => {
  const pip = (script: string): Python => ({
    command: program(script),
    version: "3.12",
    hasPip: true,
    tensorflow: undefined,
  });
  const wheels = { requirements: ["some==1"], dependencies: false, room: 0 };

  test("appear all together, and are fetched once; progress is told in bytes", async () => {
    const target = join(folder(), "some-1");
    const python = pip(
      `shift 4; target=$1; mkdir -p "$target/some"; echo x > "$target/some/file"; echo "Downloading some-1-py3-none-any.whl (1.5 MB)"; sleep 1`,
    );
    const told: Progress[] = [];
    await fetchWheels(python, wheels, target, (progress) => told.push(progress));
    expect(readFileSync(join(target, "some/file"), "utf8")).toBe("x\n");
    expect(told).toContainEqual({
      what: "downloads some-1-py3-none-any.whl",
      done: 0,
      total: 1.5e6,
    });
    expect(readdirSync(dirname(target))).toEqual(["some-1"]);
    await fetchWheels(pip("exit 1"), wheels, target);
  });

  test.each([
    [
      "WARNING: Retrying after NewConnectionError\nERROR: Could not find a version",
      "network",
      "PyPI or a mirror of it",
    ],
    ["OSError: [Errno 28] No space left on device", "space", "Make room"],
    [
      "ERROR: No matching distribution found for some==1",
      "tensorflow",
      "Name a Python that has TensorFlow",
    ],
    ["ERROR: something else.", "network", "pip could not install some==1 (something else)."],
  ])("that pip cannot fetch leave nothing: %s", async (said, fault, text) => {
    const target = join(folder(), "some-1");
    const python = pip(`mkdir -p "$5/half"; cat >&2 <<'END'\n${said}\nEND\nexit 1`);
    const error = await caught(() => fetchWheels(python, wheels, target));
    expect(error).toMatchObject({ fault });
    expect(error.message).toContain(text);
    expect(readdirSync(dirname(target))).toEqual([]);
  });

  test("that a process left unfinished, and is no more, are cleared away", async () => {
    const parent = folder();
    // No process has the number: it is beyond what systems give.
    for (const name of [`unfinished-99999999-x`, `unfinished-${process.pid}-x`])
      mkdirSync(join(parent, name));
    const python = pip(`mkdir -p "$5"`);
    await fetchWheels(python, wheels, join(parent, "some-1"));
    expect(readdirSync(parent).sort()).toEqual(["some-1", `unfinished-${process.pid}-x`]);
  });

  test("are not begun where there is no room for them", async () => {
    const target = join(folder(), "some-1");
    const error = await caught(() => fetchWheels(pip("exit 1"), { ...wheels, room: 1e18 }, target));
    expect(error.message).toMatch(
      /^There is too little room in .*, and it takes 1000000000\.0 GB\./,
    );
  });

  test("go when the last that uses them does", () => {
    const [target, first, second] = [
      join(folder(), "some-1"),
      join(scratch, "a"),
      join(scratch, "b"),
    ];
    for (const file of [first, second]) {
      writeFileSync(file, "");
      addUser(target, file);
    }
    expect(removeUser(target, first)).toBe(false);
    expect(removeUser(target, second)).toBe(true);
    expect(existsSync(target)).toBe(false);
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
    const cached = join(folder(), "tensorflow-cpu-2");
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
        python: join(scratch, "none"),
        cache: scratch,
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
    const python = program(
      `echo '${JSON.stringify({ version: "3.12.1", hasPip: true, tensorflow })}'`,
    );
    return async (options: { reinstall?: boolean } = {}) => {
      const told: string[] = [];
      const error = await caught(() =>
        install("tensorflow", {
          ...{
            from: root,
            python,
            cache: scratch,
            env: { CXX: join(scratch, "none") },
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
        env: { ...process.env, CXX: join(scratch, "none") },
      });
    const done = await again(false);
    expect(done).toMatchObject({ wasInstalled: true, tensorflow: { folder: tensorflow.folder } });
    expect(done.proof.accuracy).toBeGreaterThan(0.9);
    expect(showInstallation(done)).toContain("was installed already, and runs on TensorFlow 2.");
    expect(statSync(addon)).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
    expect(await caught(() => again(true))).toMatchObject({ fault: "compiler" });
  });

  test("that is no library says so, in the loader's words", async () => {
    const broken = join(folder(), "broken.node");
    writeFileSync(broken, "no library");
    const error = await caught(() => prove(npmPackage(), broken));
    expect(error).toMatchObject({ fault: "proof" });
    expect(error.message).toMatch(/could not train a small network \(.*broken\.node: .+\)\./);
  });
});
