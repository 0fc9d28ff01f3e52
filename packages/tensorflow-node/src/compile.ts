import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runProgram } from "@bioflax/wheels";
import { InstallError } from "./install-error";
import type { NpmPackage } from "./npm-package";
import type { Platform } from "./platform";
import type { TensorFlow } from "./tensorflow";

/** A C++ compiler. */
export interface Compiler {
  readonly command: string;
  /** The first line it says of itself. */
  readonly version: string;
}

/** An addon that was just compiled, in a folder of its own. */
export interface CompiledAddon {
  readonly addon: string;
  /** What it loads from the folder it lies in. */
  readonly companions: readonly string[];
  /** Removes all. */
  dispose(): void;
}

/**
 * The C++ compiler: that of CXX, else the first of g++, c++ and clang++.
 *
 * @throws InstallError when there is none.
 */
export async function findCompiler(
  env: Readonly<Record<string, string | undefined>>,
  { compilerRemedy }: Platform,
): Promise<Compiler> {
  const commands = env.CXX ? [env.CXX] : ["g++", "c++", "clang++"];
  for (const command of commands) {
    const ran = await runProgram(command, ["--version"]);
    if (ran?.status === 0) return { command, version: ran.stdout.split("\n")[0] ?? "" };
  }
  throw new InstallError({
    fault: "compiler",
    reason: env.CXX
      ? `CXX is ${env.CXX}, which is not a C++ compiler that can be started.`
      : "There is no C++ compiler here (g++, c++ or clang++), which the native part is compiled with.",
    remedy: compilerRemedy,
  });
}

/** The folder of Node-API's headers. */
const nodeApiHeaders = () =>
  join(dirname(createRequire(import.meta.url).resolve("node-api-headers/package.json")), "include");

const native = (source: string) => fileURLToPath(new URL(`../native/${source}`, import.meta.url));

/** What has TF_CPP_MIN_LOG_LEVEL hold. */
const LOG_LEVEL = native("log_level.cc");

/** What has signals wait while TensorFlow computes. */
const HOLD_SIGNALS = native("hold_signals.cc");

/**
 * Compiles the native part from the npm package's own sources, linked with a TensorFlow where that lies.
 *
 * @throws InstallError with the compiler's first error.
 */
export async function compileAddon(
  compiler: Compiler,
  { folder, name, version, nodeApi }: NpmPackage,
  tensorflow: TensorFlow,
  { libraries, linkerFlags, heldFunctions, logLevel }: Platform,
): Promise<CompiledAddon> {
  const scratch = mkdtempSync(join(tmpdir(), "tensorflow-node-"));
  const dispose = () => rmSync(scratch, { recursive: true, force: true });
  // By their files, because they have no links by the names that -l looks for. The addon remembers the folder.
  const [library, framework] = libraries.map((file) => join(tensorflow.folder, file)) as [
    string,
    string,
  ];
  const common = [
    "-O2",
    "-std=c++17",
    "-shared",
    "-fPIC",
    "-I",
    join(tensorflow.folder, "include"),
  ];
  const rpath = `-Wl,-rpath,${tensorflow.folder}`;
  const compile = async (args: readonly string[]) => {
    const ran = await runProgram(compiler.command, [...common, ...args]);
    if (ran?.status === 0) return;
    const said = (ran?.stderr ?? "").split("\n");
    const error = said.find((line) => /\berror\b|cannot find|undefined reference/.test(line));
    throw new InstallError({
      fault: "compilation",
      reason:
        `${compiler.command} could not compile the native part of ${name} ${version} against TensorFlow ${tensorflow.version} ` +
        `(${(error ?? said[0] ?? "it said nothing").trim()}).`,
      remedy:
        "Take a compiler that knows C++17 (named in CXX), or another TensorFlow (--tensorflow-version, --python).",
    });
  };
  const addon = join(scratch, "tfjs_binding.node");
  const companions = logLevel === undefined ? [] : [join(scratch, logLevel.file)];
  const binding = (source: string) => join(folder, "binding", source);
  try {
    for (const file of companions)
      await compile([LOG_LEVEL, framework, rpath, `-Wl,-soname,${basename(file)}`, "-o", file]);
    await compile([
      ...[`-DNAPI_VERSION=${nodeApi}`, "-DBUILDING_NODE_EXTENSION"],
      ...["-I", nodeApiHeaders(), "-I", folder],
      ...[binding("tfjs_backend.cc"), binding("tfjs_binding.cc")],
      ...(heldFunctions.length === 0 ? [] : [HOLD_SIGNALS]),
      ...heldFunctions.map((name) => `-Wl,--wrap=${name}`),
      // The companions last: of libraries that do not need one another, the last begins first.
      ...[library, framework, ...(logLevel?.flags ?? []), ...companions],
      ...[rpath, ...linkerFlags, "-o", addon],
    ]);
    return { addon, companions, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}
