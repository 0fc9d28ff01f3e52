import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
} from "node:fs";
import { dirname, join } from "node:path";
import {
  activePython,
  fetchWheels,
  hasWheels,
  inspectPython,
  type Machine,
  type OnProgress,
  type Remedies,
  type Wheel,
  WheelError,
} from "@bioflax/wheels";
import { InstallError } from "./install-error";
import type { Target } from "./npm-package";
import type { Platform } from "./platform";

/** The TensorFlow that is fetched where none is given. */
export const TENSORFLOW_VERSION = "2.21.0";
/** The SHA-256 of its wheels, by their names; Linux on x64 first, then on arm64, then macOS. */
const DIGESTS: Readonly<Record<string, readonly string[]>> = {
  "tensorflow-cpu": ["dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb"],
  tensorflow: [
    "b3b95643c4e70eb925839938fb35cbe142f317ec84af6844ee61513713bb13c0",
    "b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552",
    "56ecd7d47429acbe1df2694d50b75bf9fc3995ac92cb367cd9af6c4780ead712",
  ],
};
/**
 * The oldest that is taken. Only {@link TENSORFLOW_VERSION} has been run; another has to prove itself by training
 * before it is used.
 */
const OLDEST = [2, 16] as const;

/** A TensorFlow of a Python, whose C library an addon is linked with. */
export interface TensorFlow {
  readonly version: string;
  /** The folder of the Python package. */
  readonly folder: string;
  /** Where it comes from: a Python of the user's, or our cache. */
  readonly source: "python" | "cache";
  /** The version of CUDA it is built for; undefined where it has none. */
  readonly cuda: string | undefined;
}

/** What is looked for. */
export interface TensorFlowOptions {
  readonly target: Target;
  /** A Python that has TensorFlow. */
  readonly python?: string | undefined;
  /** The version that is fetched. */
  readonly version?: string | undefined;
  /** Whether CUDA's own libraries are fetched with it. */
  readonly cudaLibraries: boolean;
  readonly cache: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly machine: Machine;
  readonly platform: Platform;
  readonly onProgress: OnProgress;
}

const wrong = (reason: string, remedy: string) =>
  new InstallError({ fault: "tensorflow", reason, remedy });

/**
 * Reads what a TensorFlow is, and checks that an addon for this process can be linked with it.
 *
 * @param folder of the Python package.
 * @throws InstallError when it is not pip's, is too old, lacks its C library or headers, or is made for another
 *   processor.
 */
export function readTensorFlow(
  folder: string,
  source: TensorFlow["source"],
  platform: Platform,
  { arch }: Pick<Machine, "arch">,
): TensorFlow {
  const here = realpathSync(folder);
  const version = versionOf(here);
  const remedy = "Leave --python out, so that one is fetched, or install TensorFlow there anew.";
  if (version === undefined) {
    throw wrong(
      `The TensorFlow in ${here} was not installed by pip (it has no dist-info).`,
      remedy,
    );
  }
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major !== OLDEST[0] || minor < OLDEST[1]) {
    throw wrong(
      `The TensorFlow in ${here} is ${version}, and it takes 2.${OLDEST[1]} or a newer 2.`,
      "Update it (`python -m pip install --upgrade tensorflow-cpu`), or leave --python out, so that one is fetched.",
    );
  }
  const lacking = platform.libraries.find((name) => !existsSync(join(here, name)));
  if (lacking !== undefined) throw wrong(`The TensorFlow in ${here} has no ${lacking}.`, remedy);
  if (!existsSync(join(here, "include", "tensorflow", "c", "eager", "c_api.h"))) {
    throw wrong(`The TensorFlow in ${here} has no C headers (include/tensorflow/c).`, remedy);
  }
  const made = processorOf(join(here, platform.libraries[1]));
  if (made !== undefined && made !== arch) {
    throw wrong(
      `The TensorFlow in ${here} is made for ${made}, and this Node for ${arch}.`,
      remedy,
    );
  }
  return { version, folder: here, source, cuda: cudaOf(here) };
}

/** The version that pip noted for the package in a folder; its headers have it no more. */
function versionOf(folder: string): string | undefined {
  const parent = dirname(folder);
  const names = readdirSync(parent).filter((name) => /^tensorflow.*\.dist-info$/.test(name));
  const own = names.find((name) => {
    const record = join(parent, name, "RECORD");
    return existsSync(record) && /^tensorflow\/__init__\.py,/m.test(readFileSync(record, "utf8"));
  });
  return own?.replace(/^.*?-|\.dist-info$/g, "");
}

/** What a shared library is made for, as Node names it: x64, arm64; undefined for another kind of file. */
function processorOf(library: string): string | undefined {
  const head = Buffer.alloc(20);
  const file = openSync(library, "r");
  try {
    readSync(file, head, 0, head.length, 0);
  } finally {
    closeSync(file);
  }
  if (head.toString("latin1", 0, 4) !== "\x7fELF") return undefined;
  const machine = head.readUInt16LE(18);
  return { 62: "x64", 183: "arm64" }[machine] ?? `another processor (ELF machine ${machine})`;
}

/** The version of CUDA a TensorFlow is built for, as its own build_info.py says. */
function cudaOf(folder: string): string | undefined {
  const file = join(folder, "python", "platform", "build_info.py");
  if (!existsSync(file)) return undefined;
  const text = readFileSync(file, "utf8");
  if (!/is_cuda_build['"]\s*[,:]\s*True/.test(text)) return undefined;
  return /['"]cuda_version['"]\s*[,:]\s*['"]([\d.]+)/.exec(text)?.[1] ?? "unknown";
}

/**
 * The TensorFlow of the Python that is given, or of the active environment; else one of our own in the cache. Nothing
 * is fetched.
 *
 * @returns undefined where one is to be fetched first: {@link fetchTensorFlow}.
 * @throws InstallError when the Python that is given has none that will do, or there is none for this machine.
 */
export async function findTensorFlow(options: TensorFlowOptions): Promise<TensorFlow | undefined> {
  const { target, python, platform, machine } = options;
  const needsCuda = target === "tensorflow-gpu";
  if (needsCuda && !platform.hasCuda) {
    throw new InstallError({
      fault: "platform",
      reason: "TensorFlow uses NVIDIA's GPUs on Linux on x64 alone.",
      remedy: "Install the target tensorflow, which computes on the processor.",
    });
  }
  if (python !== undefined) {
    const found = await inspectPython(python, ["tensorflow"]);
    if (found === undefined) {
      throw new InstallError({
        fault: "python",
        reason: `${python} is not a Python that can be started.`,
        remedy: "Name the python of an environment that has TensorFlow, or leave --python out.",
      });
    }
    const name = needsCuda ? "'tensorflow[and-cuda]'" : "tensorflow-cpu";
    const folder = found.packages.tensorflow;
    if (folder === undefined) {
      throw wrong(
        `${python} (Python ${found.version}) has no TensorFlow.`,
        `\`${python} -m pip install ${name}\` adds it; or leave --python out, so that one is fetched.`,
      );
    }
    const read = readTensorFlow(folder, "python", platform, machine);
    if (needsCuda && read.cuda === undefined) {
      throw wrong(
        `The TensorFlow ${read.version} of ${python} is built without CUDA.`,
        `Install ${name} there in its place, or leave --python out, so that one is fetched.`,
      );
    }
    return read;
  }
  return (await ofActiveEnvironment(options, needsCuda)) ?? ofCache(options);
}

/** The active environment's, where it has one that will do. */
async function ofActiveEnvironment(
  { env, platform, machine }: TensorFlowOptions,
  needsCuda: boolean,
): Promise<TensorFlow | undefined> {
  const command = activePython(env);
  const folder = command && (await inspectPython(command, ["tensorflow"]))?.packages.tensorflow;
  if (!folder) return undefined;
  try {
    const found = readTensorFlow(folder, "python", platform, machine);
    return needsCuda && found.cuda === undefined ? undefined : found;
  } catch (error) {
    if (error instanceof InstallError) return undefined;
    throw error;
  }
}

/** Where our own is kept, and what is fetched for it. */
function placeOf({
  target,
  version = TENSORFLOW_VERSION,
  cudaLibraries,
  cache,
  platform,
}: TensorFlowOptions) {
  const { folder, room, ...wheel } = wheelOf(target, cudaLibraries, platform);
  // What is fetched with dependencies, or in another version, is not pinned.
  const isPinned = version === TENSORFLOW_VERSION && wheel.extras === undefined;
  const digests = isPinned ? DIGESTS[wheel.name] : undefined;
  const wheels: readonly Wheel[] = [{ ...wheel, version, ...(digests && { digests }) }];
  return { folder: join(cache, `${folder}-${version}`), wheels, room };
}

/** Our own, where it is there. */
function ofCache(options: TensorFlowOptions): TensorFlow | undefined {
  const { folder } = placeOf(options);
  if (!hasWheels(folder)) return undefined;
  return readTensorFlow(join(folder, "tensorflow"), "cache", options.platform, options.machine);
}

/**
 * Fetches our own TensorFlow from PyPI into the cache. A Python of the user's is never changed.
 *
 * @throws InstallError when it cannot be had.
 */
export async function fetchTensorFlow(options: TensorFlowOptions): Promise<TensorFlow> {
  const { env, platform, machine, onProgress } = options;
  const { folder, wheels, room } = placeOf(options);
  const dependencies = wheels.some(({ extras }) => extras !== undefined);
  await fetchWheels(wheels, folder, {
    ...{ env, room, dependencies, onProgress, remedies },
  }).catch(asInstallError);
  return readTensorFlow(join(folder, "tensorflow"), "cache", platform, machine);
}

/** What its user can do besides. */
const remedies: Remedies = {
  python: (usual) => `${usual}, or name another Python with --python.`,
  space: (usual) => `${usual}, or have the cache elsewhere (XDG_CACHE_HOME).`,
  network: (usual) => `${usual}; or name a Python that has TensorFlow with --python.`,
  wheel: () => "Name a Python that has TensorFlow with --python, or another version.",
};

/** @throws InstallError for what is in the way of wheels. */
function asInstallError(error: unknown): never {
  if (!(error instanceof WheelError)) throw error;
  const { fault, reason, remedy } = error;
  throw new InstallError(
    { fault: fault === "wheel" ? "tensorflow" : fault, reason, remedy },
    { cause: error },
  );
}

const GIGABYTE = 1e9;

/** The wheel of a target, the folder of the cache it lies in, and what comes with it. */
function wheelOf(target: Target, cudaLibraries: boolean, { hasCuda }: Platform) {
  if (target === "tensorflow-gpu") {
    // TensorFlow finds CUDA's libraries beside itself, where pip puts both.
    return cudaLibraries
      ? {
          name: "tensorflow",
          extras: ["and-cuda"],
          folder: "tensorflow-with-cuda",
          room: 12 * GIGABYTE,
        }
      : {
          name: "tensorflow",
          folder: "tensorflow",
          room: 4 * GIGABYTE,
        };
  }
  // What tensorflow-cpu is on x64, tensorflow is where there is no CUDA.
  const name = hasCuda ? "tensorflow-cpu" : "tensorflow";
  return { name, folder: name, room: 2.5 * GIGABYTE };
}
